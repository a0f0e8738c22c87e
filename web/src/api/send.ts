import { BASE, GUARD } from "./client";
import { connection } from "./connection";
import { Problem, problemFrom, UNREACHABLE } from "./problem";

export interface Sending<T> {
  answer: Promise<T>;
  abort: () => void;
}

/** Posts a form and tells how far it got, from 0 to 1: fetch cannot, so this one request goes by XMLHttpRequest. */
export function sendForm<T>(path: string, form: FormData, onProgress: (share: number) => void): Sending<T> {
  const request = new XMLHttpRequest();
  const answer = new Promise<T>((resolve, reject) => {
    request.open("POST", BASE + path);
    request.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(GUARD)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        connection.answered();
        resolve(JSON.parse(request.responseText) as T);
        return;
      }
      const problem = problemFrom(request.status, request.responseText);
      if (problem.unreachable) connection.lost();
      reject(problem);
    };
    request.onerror = () => {
      connection.lost();
      reject(new Problem(UNREACHABLE, { code: "unreachable" }));
    };
    request.onabort = () => reject(new Problem(UNREACHABLE, { code: "aborted" }));
    request.send(form);
  });
  return { answer, abort: () => request.abort() };
}
