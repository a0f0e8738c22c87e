import { useTranslation } from "react-i18next";
import { Link } from "wouter";

/** Where this screen hangs: the way back up. */
export function Crumbs({ trail }: { trail: { href: string; label: string }[] }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("shell.crumbs")}>
      <ol className="crumbs">
        {trail.map(({ href, label }) => (
          <li key={href}>
            <Link href={href}>{label}</Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
