/** The answer of a server that ignores `Range` and sends the whole, cut to the part that was asked for. */
export function fromRequestedByte(response: Response, rangeHeader: string | null): Response {
  const start = Number(/^bytes=(\d+)-/.exec(rangeHeader ?? "")?.[1] ?? 0);
  if (start === 0 || response.status === 206 || response.body === null) return response;
  let missing = start;
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const rest = chunk.subarray(missing);
      missing -= chunk.length - rest.length;
      if (rest.length > 0) controller.enqueue(rest);
    },
  });
  return new Response(response.body.pipeThrough(cut), { status: 206, headers: response.headers });
}
