import { useQuery } from "@tanstack/react-query";
import { Redirect } from "wouter";
import { queries } from "../api/queries";
import { ProblemNotice } from "../ui/ProblemNotice";
import { PageSkeleton } from "../ui/Skeleton";

/** A comparison by itself is shown in the list of its query photograph, so that one can go on from it. */
export default function ComparisonRedirect({ id }: { id: string }) {
  const comparison = useQuery(queries.comparison(id));
  if (comparison.isPending) return <PageSkeleton />;
  if (!comparison.data)
    return <ProblemNotice error={comparison.error} onRetry={() => void comparison.refetch()} />;
  return <Redirect replace to={`/photographs/${comparison.data.query_photograph.id}/hits/${id}`} />;
}
