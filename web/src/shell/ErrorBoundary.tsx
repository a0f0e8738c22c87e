import { Component, type ReactNode } from "react";
import { ProblemNotice } from "../ui/ProblemNotice";

/** A screen that fails says so, and the rest of the page stays. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <ProblemNotice error={this.state.error} onRetry={() => location.reload()} />;
  }
}
