/** Asks VAPI; what goes wrong is an Error with the problem's sentence. */
export async function ask(path, method = 'GET', body = undefined) {
  const response = await fetch('/vapi/v1/' + path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail ?? `The silo answered ${response.status}.`);
  }
  const type = response.headers.get('Content-Type') ?? '';
  return type.includes('json') ? response.json() : response.text();
}
