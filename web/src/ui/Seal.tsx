/** The mark of Cachet: a wax seal whose ring has one nick, the defect by which a press is known. */
export function Seal({ size, quiet = false }: { size: number; quiet?: boolean }) {
  const wax = quiet ? "var(--line)" : "#8f2231";
  const ring = quiet ? "var(--line-strong)" : "#dd9aa2";
  const letter = quiet ? "var(--line-strong)" : "#ffffff";
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path
        fill={wax}
        d="M59.6 32.0Q63.8 39.3 56.9 44.0Q57.5 52.3 49.2 53.6Q46.1 61.4 38.1 58.9Q32.0 64.6 25.9 58.9Q17.9 61.4 14.8 53.6Q6.5 52.3 7.1 44.0Q0.2 39.3 4.4 32.0Q0.2 24.7 7.1 20.0Q6.5 11.7 14.8 10.4Q17.9 2.6 25.9 5.1Q32.0 -0.6 38.1 5.1Q46.1 2.6 49.2 10.4Q57.5 11.7 56.9 20.0Q63.8 24.7 59.6 32.0Z"
      />
      <path
        fill="none"
        stroke={ring}
        strokeWidth="1.9"
        strokeLinejoin="round"
        d="M45.2 16.3A20.5 20.5 0 1 1 40.3 13.3L40.8 17.9Z"
      />
      <path
        fill="none"
        stroke={letter}
        strokeWidth="5"
        strokeLinecap="round"
        d="M41.1 24.9A11.5 11.5 0 1 0 41.1 39.1"
      />
    </svg>
  );
}
