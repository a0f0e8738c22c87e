/** Keys and what they do. */
export function ShortcutList({ keys }: { keys: [keys: string[], words: string][] }) {
  return (
    <dl className="shortcuts">
      {keys.map(([pressed, words]) => (
        <ShortcutLine key={pressed.join(" ")} pressed={pressed} words={words} />
      ))}
    </dl>
  );
}

function ShortcutLine({ pressed, words }: { pressed: string[]; words: string }) {
  return (
    <>
      <dt className="row" style={{ gap: "var(--space-1)" }}>
        {pressed.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{words}</dd>
    </>
  );
}
