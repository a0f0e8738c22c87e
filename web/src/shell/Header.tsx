import { useMutation } from "@tanstack/react-query";
import { FolderOpen, LogOut, ScanSearch } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useRoute } from "wouter";
import { api } from "../api/client";
import { keys, queryClient } from "../api/queries";
import type { Me } from "../api/types";
import { Button } from "../ui/Button";
import { Seal } from "../ui/Seal";
import { WorkIndicator } from "./WorkIndicator";

export function Header({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [onSeizures] = useRoute("/seizures/*?");
  const [onSearch] = useRoute("/search/*?");
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSettled: () => {
      queryClient.clear();
      queryClient.setQueryData(keys.me, null);
    },
  });
  return (
    <header className="header">
      <div className="header-line">
        <Link href="/seizures" className="brand" aria-label={t("shell.home")}>
          <Seal size={30} />
          <span>Cachet</span>
        </Link>
        <nav className="header-nav" aria-label={t("shell.nav")}>
          <Link href="/seizures" aria-current={onSeizures ? "page" : undefined}>
            <FolderOpen size={18} aria-hidden="true" />
            <span>{t("shell.seizures")}</span>
          </Link>
          <Link href="/search" aria-current={onSearch ? "page" : undefined}>
            <ScanSearch size={18} aria-hidden="true" />
            <span>{t("shell.search")}</span>
          </Link>
        </nav>
        <WorkIndicator />
        <div className="header-me">
          <span className="header-who">
            <strong>{me.display_name || me.user_name}</strong>
            <span className="quiet">{me.organisation}</span>
          </span>
          <Button
            look="plain"
            className="button-icon"
            aria-label={t("signIn.out")}
            title={t("signIn.out")}
            icon={<LogOut size={18} />}
            onClick={() => signOut.mutate()}
          />
        </div>
      </div>
    </header>
  );
}
