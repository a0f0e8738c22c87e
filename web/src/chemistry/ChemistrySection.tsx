import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FileUp, PencilLine, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { keys } from "../api/queries";
import type { Profile, Seizure } from "../api/types";
import { Button, IconButton } from "../ui/Button";
import { useToast } from "../ui/Toasts";
import { ImportDialog } from "./ImportDialog";
import { ProfileBars } from "./ProfileBars";
import { ProfileDialog } from "./ProfileDialog";

export function ChemistrySection({ seizure }: { seizure: Seizure }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<"type" | "import" | null>(null);
  const { profiles } = seizure;
  return (
    <section className="section" aria-labelledby="chemistry">
      <div className="section-head">
        <h2 id="chemistry">
          {t("chemistry.title")}
          {profiles.length > 0 && <span className="count figures">{profiles.length}</span>}
        </h2>
        <div className="row">
          <Button icon={<PencilLine size={16} />} onClick={() => setAsking("type")}>
            {t("chemistry.typeShort")}
          </Button>
          <Button icon={<FileUp size={16} />} onClick={() => setAsking("import")}>
            {t("chemistry.importShort")}
          </Button>
        </div>
      </div>
      {profiles.length === 0 ? (
        <div className="card card-body">
          <p className="quiet">{t("chemistry.empty")}</p>
        </div>
      ) : (
        <ul className="profile-list">
          {profiles.map((profile) => (
            <ProfileCard key={profile.id} profile={profile} />
          ))}
        </ul>
      )}
      {asking === "type" && <ProfileDialog seizureId={seizure.id} onClose={() => setAsking(null)} />}
      {asking === "import" && <ImportDialog seizureId={seizure.id} onClose={() => setAsking(null)} />}
    </section>
  );
}

function ProfileCard({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const refresh = () => client.invalidateQueries({ queryKey: keys.seizure(profile.seizure_id) });
  const { sample, method, unit, values } = profile;
  const remove = useMutation({
    mutationFn: () => api.deleteProfile(profile.id),
    onSuccess: () => {
      void refresh();
      toast({
        words: t("chemistry.deleted", { sample }),
        action: {
          label: t("common.undo"),
          run: () =>
            void api
              .createProfile(profile.seizure_id, { sample, method, unit, values })
              .then(refresh, refresh),
        },
      });
    },
  });
  return (
    <li className="card profile">
      <div className="row row-apart">
        <div>
          <h3>{sample}</h3>
          <p className="small quiet">
            {[method, unit, t("chemistry.analytes", { count: values.length })].join(" · ")}
          </p>
        </div>
        <IconButton
          look="plain"
          label={t("chemistry.delete", { sample })}
          icon={<Trash2 size={16} />}
          disabled={remove.isPending}
          onClick={() => remove.mutate()}
        />
      </div>
      <ProfileBars query={profile} />
    </li>
  );
}
