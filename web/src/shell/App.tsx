import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, Redirect, Route, Switch } from "wouter";
import { queries } from "../api/queries";
import { Empty } from "../ui/Empty";
import { ProblemNotice } from "../ui/ProblemNotice";
import { PageSkeleton } from "../ui/Skeleton";
import { ConnectionNotice } from "./ConnectionNotice";
import { ErrorBoundary } from "./ErrorBoundary";
import { Header } from "./Header";
import { SignIn } from "./SignIn";
import { useTitle } from "./useTitle";
import "./shell.css";

const SeizuresPage = lazy(() => import("../seizures/SeizuresPage"));
const SeizurePage = lazy(() => import("../seizures/SeizurePage"));
const PhotographPage = lazy(() => import("../photographs/PhotographPage"));
const HitsPage = lazy(() => import("../comparisons/HitsPage"));
const ComparisonRedirect = lazy(() => import("../comparisons/ComparisonRedirect"));
const SearchPage = lazy(() => import("../search/SearchPage"));
const TogetherPage = lazy(() => import("../search/TogetherPage"));

export function App() {
  const { t } = useTranslation();
  const me = useQuery(queries.me());

  if (me.isPending) return null;
  if (me.isError) {
    return (
      <main className="page page-narrow">
        <ProblemNotice error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) return <SignIn />;
  return (
    <>
      <a className="skip" href="#main">
        {t("shell.skip")}
      </a>
      <Header me={me.data} />
      <ConnectionNotice />
      <main id="main" className="page" tabIndex={-1}>
        <ErrorBoundary>
          <Suspense fallback={<PageSkeleton />}>
            <Switch>
              <Route path="/">
                <Redirect to="/seizures" replace />
              </Route>
              <Route path="/seizures">
                <SeizuresPage />
              </Route>
              <Route path="/seizures/:id">{({ id }) => <SeizurePage key={id} id={id} />}</Route>
              <Route path="/photographs/:id">{({ id }) => <PhotographPage key={id} id={id} />}</Route>
              <Route path="/photographs/:id/hits/:comparison?">
                {({ id, comparison }) => <HitsPage key={id} photographId={id} comparisonId={comparison} />}
              </Route>
              <Route path="/comparisons/:id">{({ id }) => <ComparisonRedirect id={id} />}</Route>
              <Route path="/search/together">
                <TogetherPage />
              </Route>
              <Route path="/search">
                <SearchPage />
              </Route>
              <Route>
                <NotFound />
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}

function NotFound() {
  const { t } = useTranslation();
  useTitle(t("shell.notFound"));
  return (
    <Empty title={t("shell.notFound")}>
      <Link href="/seizures">{t("shell.toSeizures")}</Link>
    </Empty>
  );
}
