namespace ModelForge.Corpus.Workflow;

/// <summary>Servers that keep values by path.</summary>
internal static class TableServers
{
    public static IReadOnlyList<ProgramKind> All { get; } =
    [
        new()
        {
            Title = "URL shortener",
            File = "shortener",
            Things = ["URL shortener", "url shortener", "link shortener", "short link service", "URL shortening service", "link shortening service", "short URL service", "URL shortener service", "shortener for URLs", "tiny URL service"],
            Interface = "POST / makes a short link, GET /1 follows it",
            Redirects = true,
            JavaScriptData = "{}",
            PythonData = "{}",
            JavaScript = """
                  if (path === '/' && method === 'GET') return [200, data];
                  if (path === '/' && method === 'POST') {
                    const code = '/' + (Object.keys(data).length + 1).toString(36);
                    data[code] = String(new URL(body.url));
                    return [201, { code, url: data[code] }];
                  }
                  if (path in data) return [302, data[path]];
                """,
            Python = """
                    if path == '/' and method == 'GET':
                        return 200, data
                    if path == '/' and method == 'POST':
                        code = '/' + format(len(data) + 1, 'x')
                        data[code] = quote(body['url'], safe=':/?&=#%')
                        return 201, {'code': code, 'url': data[code]}
                    if path in data:
                        return 302, data[path]
                """,
        },
        new()
        {
            Title = "key-value store",
            File = "store",
            Things = ["key-value store", "key value store", "KV store", "kv store", "key-value database", "key value database", "key-value server", "in-memory store", "small database", "dictionary service", "cache server"],
            Interface = "GET / lists all, PUT, GET and DELETE /key",
            JavaScriptData = "{}",
            PythonData = "{}",
            JavaScript = """
                  if (path === '/' && method === 'GET') return [200, data];
                  if (method === 'PUT') data[path] = body;
                  if (!(path in data)) return [404, { error: 'no such key' }];
                  if (method === 'DELETE') {
                    delete data[path];
                    return [200, { deleted: path }];
                  }
                  if (method !== 'POST') return [200, data[path]];
                """,
            Python = """
                    if path == '/' and method == 'GET':
                        return 200, data
                    if method == 'PUT':
                        data[path] = body
                    if path not in data:
                        return 404, {'error': 'no such key'}
                    if method == 'DELETE':
                        del data[path]
                        return 200, {'deleted': path}
                    if method != 'POST':
                        return 200, data[path]
                """,
        },
        new()
        {
            Title = "poll",
            File = "poll",
            Things = ["poll", "voting app", "poll server", "voting server", "survey", "online poll", "voting service", "poll app", "voting API", "ballot", "voting system", "polling service"],
            Interface = "GET / shows the votes, POST /yes or /no votes",
            JavaScriptData = "{ '/yes': 0, '/no': 0 }",
            PythonData = "{'/yes': 0, '/no': 0}",
            JavaScript = """
                  if (path === '/' && method === 'GET') return [200, data];
                  if (path in data && method === 'POST') {
                    data[path] += 1;
                    return [200, data];
                  }
                """,
            Python = """
                    if path == '/' and method == 'GET':
                        return 200, data
                    if path in data and method == 'POST':
                        data[path] += 1
                        return 200, data
                """,
        },
    ];
}
