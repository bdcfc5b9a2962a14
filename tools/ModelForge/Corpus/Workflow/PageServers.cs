namespace ModelForge.Corpus.Workflow;

/// <summary>Servers that keep next to nothing.</summary>
internal static class PageServers
{
    public static IReadOnlyList<ProgramKind> All { get; } =
    [
        new()
        {
            Title = "web server",
            File = "server",
            Things = ["web server", "webserver", "HTTP server", "website", "web site", "homepage", "landing page", "web page", "static site", "simple web server", "http server"],
            Interface = "GET / shows a page",
            JavaScriptData = "{ visits: 0 }",
            PythonData = "{'visits': 0}",
            JavaScript = """
                  if (path === '/') {
                    data.visits += 1;
                    return [200, '<h1>' + name + '</h1><p>Visits: ' + data.visits + '</p>'];
                  }
                """,
            Python = """
                    if path == '/':
                        data['visits'] += 1
                        return 200, '<h1>' + name + '</h1><p>Visits: ' + str(data['visits']) + '</p>'
                """,
        },
        new()
        {
            Title = "echo service",
            File = "echo",
            Things = ["echo service", "echo server", "echo API", "service that echoes requests", "server that echoes what it gets", "request echo", "echo endpoint"],
            Interface = "GET or POST / answers what it was sent",
            JavaScriptData = "{ echoes: 0 }",
            PythonData = "{'echoes': 0}",
            JavaScript = """
                  if (path === '/') {
                    data.echoes += 1;
                    return [200, { method, query: Object.fromEntries(query), body }];
                  }
                """,
            Python = """
                    if path == '/':
                        data['echoes'] += 1
                        return 200, {'method': method, 'query': query, 'body': body}
                """,
        },
        new()
        {
            Title = "time service",
            File = "clock",
            Things = ["time service", "time server", "clock", "clock service", "time API", "clock server", "service that tells the time", "date and time service", "clock API"],
            Interface = "GET / tells the time",
            PythonModule = "time",
            JavaScriptData = "{ asked: 0 }",
            PythonData = "{'asked': 0}",
            JavaScript = """
                  if (path === '/') {
                    data.asked += 1;
                    return [200, { time: new Date().toISOString(), asked: data.asked }];
                  }
                """,
            Python = """
                    if path == '/':
                        data['asked'] += 1
                        return 200, {'time': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime()), 'asked': data['asked']}
                """,
        },
        new()
        {
            Title = "counter",
            File = "counter",
            Things = ["counter", "hit counter", "visitor counter", "click counter", "counter service", "counter API", "counting service", "tally counter", "page view counter"],
            Interface = "GET / shows the count, POST / adds one, DELETE / sets it to 0",
            JavaScriptData = "{ count: 0 }",
            PythonData = "{'count': 0}",
            JavaScript = """
                  if (path === '/') {
                    if (method === 'POST') data.count += 1;
                    if (method === 'DELETE') data.count = 0;
                    return [200, data];
                  }
                """,
            Python = """
                    if path == '/':
                        if method == 'POST':
                            data['count'] += 1
                        if method == 'DELETE':
                            data['count'] = 0
                        return 200, data
                """,
        },
        new()
        {
            Title = "quiz",
            File = "quiz",
            Things = ["quiz", "quiz server", "quiz game", "trivia game", "quiz app", "trivia quiz", "trivia server", "quiz API", "question game"],
            Interface = "GET / shows the questions, POST /1 answers the first",
            JavaScriptData = "{ right: 0, wrong: 0 }",
            PythonData = "{'right': 0, 'wrong': 0}",
            JavaScript = """
                  const questions = { '/1': ['What is 6 * 7?', '42'], '/2': ['What is the capital of France?', 'Paris'] };
                  if (path === '/') return [200, questions['/1'][0] + '<br>' + questions['/2'][0]];
                  if (path in questions) {
                    const right = String(body.answer) === questions[path][1];
                    data[right ? 'right' : 'wrong'] += 1;
                    return [200, { right, score: data }];
                  }
                """,
            Python = """
                    questions = {'/1': ['What is 6 * 7?', '42'], '/2': ['What is the capital of France?', 'Paris']}
                    if path == '/':
                        return 200, questions['/1'][0] + '<br>' + questions['/2'][0]
                    if path in questions:
                        right = str(body.get('answer')) == questions[path][1]
                        data['right' if right else 'wrong'] += 1
                        return 200, {'right': right, 'score': data}
                """,
        },
        new()
        {
            Title = "file server",
            File = "files",
            Things = ["file server", "static file server", "fileserver", "file browser", "file sharing server", "download server", "server for files", "server that serves files", "file host"],
            Interface = "GET / lists the files, GET /name shows one",
            JavaScriptModule = "fs",
            JavaScriptData = "{ downloads: 0 }",
            PythonData = "{'downloads': 0}",
            JavaScript = """
                  const files = fs.readdirSync('.').filter((entry) => fs.statSync(entry).isFile());
                  if (path === '/') return [200, files];
                  if (files.includes(path.slice(1))) {
                    data.downloads += 1;
                    return [200, fs.readFileSync(path.slice(1), 'utf8')];
                  }
                """,
            Python = """
                    files = [entry for entry in os.listdir('.') if os.path.isfile(entry)]
                    if path == '/':
                        return 200, files
                    if path[1:] in files:
                        data['downloads'] += 1
                        return 200, open(path[1:]).read()
                """,
        },
    ];
}
