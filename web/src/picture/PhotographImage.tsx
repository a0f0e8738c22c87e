import { useEffect, useState } from "react";
import { pictures } from "../api/client";
import { type Size, type View, widthFor } from "./viewport";

interface Props {
  id: string;
  picture: Size;
  view: View;
  alt: string;
}

/** A photograph under a view, as sharp as the screen can show: a small one first, a larger one as one zooms in. */
export function PhotographImage({ id, picture, view, alt }: Props) {
  const wanted = widthFor(picture.width * view.scale, picture.width, window.devicePixelRatio);
  const [loaded, setLoaded] = useState<{ id: string; width: number } | null>(null);

  useEffect(() => {
    if (loaded?.id === id && loaded.width >= wanted) return;
    let stale = false;
    const image = new Image();
    image.onload = () => {
      if (!stale) setLoaded({ id, width: wanted });
    };
    image.src = pictures.photograph(id, wanted);
    return () => {
      stale = true;
    };
  }, [id, wanted, loaded]);

  const width = loaded?.id === id ? loaded.width : wanted;
  return <PlacedImage src={pictures.photograph(id, width)} picture={picture} view={view} alt={alt} />;
}

/** Any picture under a view. */
export function PlacedImage({
  src,
  picture,
  view,
  alt,
  opacity,
  clip,
}: {
  src: string;
  picture: Size;
  view: View;
  alt: string;
  opacity?: number;
  clip?: string;
}) {
  return (
    <img
      className="stage-image"
      src={src}
      alt={alt}
      draggable={false}
      style={{
        width: picture.width * view.scale,
        height: picture.height * view.scale,
        transform: `translate(${view.x}px, ${view.y}px)`,
        opacity,
        clipPath: clip,
      }}
    />
  );
}
