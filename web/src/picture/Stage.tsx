import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/Button";
import { type Box, fit, fitFocus, pan, type Size, type View, zoomAt } from "./viewport";
import "./picture.css";

const ZOOM_STEP = 1.4;
const WHEEL_SPEED = 0.0016;
const PAN_STEP = 48;
export const FOCUS_MARGIN = 24;

export interface StageProps {
  label: string;
  picture: Size;
  /** Where to look at first, in picture pixels; the whole picture where it is left out. */
  focus?: Box | undefined;
  /** Null: not yet moved by anyone, so fitted. Two stages that share a view move together. */
  view: View | null;
  onView: (view: View | null) => void;
  /** What lies on the stage, drawn for the current view. */
  children: (view: View, frame: Size) => ReactNode;
  /** False while a tool has the pointer. */
  pannable?: boolean;
  controls?: boolean;
  className?: string;
  onFrame?: (frame: Size) => void;
}

/** A frame in which a picture is zoomed and moved: by wheel, pointer, two fingers or keyboard. */
export function Stage({
  label,
  picture,
  focus,
  view: given,
  onView,
  children,
  pannable = true,
  controls = true,
  className,
  onFrame,
}: StageProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLDivElement>(null);
  const [frame, setFrame] = useState<Size | null>(null);
  const pointers = useRef(new Map<number, { x: number; y: number }>());

  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => {
      const size = { width: target.clientWidth, height: target.clientHeight };
      setFrame(size);
      onFrame?.(size);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [onFrame]);

  const size = frame ?? { width: 1, height: 1 };
  const view = given ?? (focus ? fitFocus(focus, picture, size, FOCUS_MARGIN) : fit(picture, size));
  const latest = useRef({ view, picture, size, onView });
  useEffect(() => {
    latest.current = { view, picture, size, onView };
  });

  // React's wheel listener is passive and could not keep the page from scrolling.
  useEffect(() => {
    const target = element.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const now = latest.current;
      const at = local(event, target);
      now.onView(zoomAt(now.view, Math.exp(-event.deltaY * WHEEL_SPEED), at, now.picture, now.size));
    };
    target?.addEventListener("wheel", onWheel, { passive: false });
    return () => target?.removeEventListener("wheel", onWheel);
  }, []);

  const zoom = useCallback((factor: number) => {
    const now = latest.current;
    const middle = { x: now.size.width / 2, y: now.size.height / 2 };
    now.onView(zoomAt(now.view, factor, middle, now.picture, now.size));
  }, []);

  const whole = () => onView(focus ? fit(picture, size) : null);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button > 1 || (!pannable && event.button === 0 && event.pointerType === "mouse")) return;
    pointers.current.set(event.pointerId, local(event, element.current));
    if (pannable || event.button === 1) event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const now = local(event, element.current);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (other) {
      const [was, is] = [distance(before, other), distance(now, other)];
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      if (was > 0) onView(zoomAt(view, is / was, middle, picture, size));
    } else if (pannable || event.buttons === 4) {
      onView(pan(view, now.x - before.x, now.y - before.y, picture, size));
    }
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    pointers.current.delete(event.pointerId);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== element.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps: Record<string, () => void> = {
      "+": () => zoom(ZOOM_STEP),
      "=": () => zoom(ZOOM_STEP),
      "-": () => zoom(1 / ZOOM_STEP),
      "0": whole,
      ArrowLeft: () => onView(pan(view, PAN_STEP, 0, picture, size)),
      ArrowRight: () => onView(pan(view, -PAN_STEP, 0, picture, size)),
      ArrowUp: () => onView(pan(view, 0, PAN_STEP, picture, size)),
      ArrowDown: () => onView(pan(view, 0, -PAN_STEP, picture, size)),
    };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      step();
    }
  };

  return (
    <div className={["stage-frame", className].filter(Boolean).join(" ")}>
      {/* biome-ignore lint/a11y/useSemanticElements: a picture that is moved by keys has no element of its own */}
      <div
        ref={element}
        className={["stage", pannable && "stage-pannable", given === null && pannable && "stage-fitted"]
          .filter(Boolean)
          .join(" ")}
        role="group"
        aria-roledescription={t("picture.role")}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard zooms and moves it
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onKeyDown}
      >
        {frame && children(view, size)}
      </div>
      {controls && (
        <div className="stage-controls">
          <IconButton
            label={t("picture.zoomIn")}
            shortcut="+"
            icon={<ZoomIn size={18} />}
            onClick={() => zoom(ZOOM_STEP)}
          />
          <IconButton
            label={t("picture.zoomOut")}
            shortcut="-"
            icon={<ZoomOut size={18} />}
            onClick={() => zoom(1 / ZOOM_STEP)}
          />
          <IconButton label={t("picture.fit")} shortcut="0" icon={<Maximize size={18} />} onClick={whole} />
        </div>
      )}
    </div>
  );
}

function local(
  event: { clientX: number; clientY: number },
  element: Element | null,
): { x: number; y: number } {
  const box = element?.getBoundingClientRect();
  return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
}

const distance = (one: { x: number; y: number }, other: { x: number; y: number }): number =>
  Math.hypot(one.x - other.x, one.y - other.y);
