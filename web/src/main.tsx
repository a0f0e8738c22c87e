import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queries";
import "./i18n";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/ui.css";
import { App } from "./shell/App";
import { ToastProvider } from "./ui/Toasts";

const root = document.getElementById("root");
if (!root) throw new Error('expected an element with id "root"; found none');

// A file dropped beside its place must not make the browser leave the page for it.
for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault());

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ToastProvider>
        <App />
      </ToastProvider>
    </QueryClientProvider>
  </StrictMode>,
);
