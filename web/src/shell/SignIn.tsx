import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { keys, queryClient } from "../api/queries";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Seal } from "../ui/Seal";
import { ConnectionNotice } from "./ConnectionNotice";
import { useTitle } from "./useTitle";

export function SignIn() {
  const { t } = useTranslation();
  useTitle(t("signIn.title"));
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => api.signIn(name.trim(), password),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.me }),
    onError: () => setPassword(""),
  });
  return (
    <main className="sign-in">
      <ConnectionNotice />
      <div className="sign-in-brand">
        <Seal size={64} />
        <p className="sign-in-name">Cachet</p>
        <p className="quiet">{t("signIn.promise")}</p>
      </div>
      <form
        className="card card-body stack"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <h1>{t("signIn.title")}</h1>
        {signIn.isError && <ProblemNotice error={signIn.error} />}
        <Field
          label={t("signIn.name")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={t("signIn.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="main" disabled={signIn.isPending}>
          {signIn.isPending ? t("signIn.busy") : t("signIn.go")}
        </Button>
        <p className="quiet small">{t("signIn.hint")}</p>
      </form>
    </main>
  );
}
