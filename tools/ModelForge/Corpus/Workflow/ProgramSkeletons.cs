namespace ModelForge.Corpus.Workflow;

/// <summary>
/// What all programs of a family and language have in common. A line behind <c>@condition|</c> is there when the condition holds,
/// behind <c>@!condition|</c> when it does not; <c>&lt;&lt;hole&gt;&gt;</c> is filled in.
/// </summary>
internal static class ProgramSkeletons
{
    public const string JavaScriptServer = """
        const http = require('http');
        @fs|const fs = require('fs');

        const name = '<<name>>';
        const port = process.env.PORT || 8080;
        @metrics|const metrics = { requests: 0 };
        @rate limiting|const hits = {};
        @authentication|const token = process.env.TOKEN || 'secret';
        @persistence|const file = process.env.DATA || 'data.json';
        let data = <<data>>;
        @persistence|if (fs.existsSync(file)) data = JSON.parse(fs.readFileSync(file, 'utf8'));

        @rate limiting|function limited(address) {
        @rate limiting|  const now = Date.now();
        @rate limiting|  hits[address] = (hits[address] || []).filter((time) => now - time < 60000);
        @rate limiting|  hits[address].push(now);
        @rate limiting|  return hits[address].length > 100;
        @rate limiting|}
        @rate limiting|
        function route(method, path, query, body) {
        <<route>>
          return [404, { error: 'not found' }];
        }

        function answer(req, text) {
          const [path, search] = req.url.split('?');
        @logging|  console.log(new Date().toISOString(), req.method, req.url);
        @metrics|  metrics.requests += 1;
        @metrics|  if (path === '/metrics') return [200, metrics];
        @health check|  if (path === '/health') return [200, { status: 'ok' }];
        @rate limiting|  if (limited(req.socket.remoteAddress)) return [429, { error: 'too many requests' }];
        @authentication|  if (req.headers.authorization !== 'Bearer ' + token) return [401, { error: 'unauthorized' }];
          try {
            const result = route(req.method, path, new URLSearchParams(search), JSON.parse(text || '{}'));
        @persistence|    fs.writeFileSync(file, JSON.stringify(data));
            return result;
          } catch (error) {
            return [400, { error: error.message }];
          }
        }

        const server = http.createServer((req, res) => {
          let text = '';
          req.on('data', (chunk) => { text += chunk; });
          req.on('end', () => {
            const [status, value] = answer(req, text);
        @CORS|    res.setHeader('Access-Control-Allow-Origin', '*');
        @redirects|    if (status === 302) res.setHeader('Location', value);
            res.setHeader('Content-Type', typeof value === 'string' ? 'text/html' : 'application/json');
            res.writeHead(status);
            res.end(typeof value === 'string' ? value : JSON.stringify(value));
          });
        });

        @tests|if (process.argv[2] === 'test') {
        @tests|  const [status] = route('GET', '/', new URLSearchParams(), {});
        @tests|  console.log(status === 200 ? 'tests passed' : 'tests failed');
        @tests|  process.exit(status === 200 ? 0 : 1);
        @tests|}
        @tests|
        server.listen(port, () => console.log(name + ' listens on port ' + port));
        """;

    public const string PythonServer = """
        import json
        import os
        @tests|import sys
        @time|import time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        @!redirects|from urllib.parse import parse_qsl
        @redirects|from urllib.parse import parse_qsl, quote

        name = '<<name>>'
        port = int(os.environ.get('PORT', '8080'))
        @metrics|metrics = {'requests': 0}
        @rate limiting|hits = {}
        @authentication|token = os.environ.get('TOKEN', 'secret')
        @persistence|file = os.environ.get('DATA', 'data.json')
        data = <<data>>
        @persistence|if os.path.exists(file):
        @persistence|    data = json.load(open(file))

        @rate limiting|def limited(address):
        @rate limiting|    now = time.time()
        @rate limiting|    hits[address] = [hit for hit in hits.get(address, []) if now - hit < 60] + [now]
        @rate limiting|    return len(hits[address]) > 100
        @rate limiting|
        def route(method, path, query, body):
        <<route>>
            return 404, {'error': 'not found'}

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                path, _, search = self.path.partition('?')
        @metrics|        metrics['requests'] += 1
        @metrics|        if path == '/metrics':
        @metrics|            return 200, metrics
        @health check|        if path == '/health':
        @health check|            return 200, {'status': 'ok'}
        @rate limiting|        if limited(self.client_address[0]):
        @rate limiting|            return 429, {'error': 'too many requests'}
        @authentication|        if self.headers.get('Authorization') != 'Bearer ' + token:
        @authentication|            return 401, {'error': 'unauthorized'}
                try:
                    text = self.rfile.read(int(self.headers.get('Content-Length', '0')))
                    result = route(self.command, path, dict(parse_qsl(search)), json.loads(text or '{}'))
        @persistence|            json.dump(data, open(file, 'w'))
                    return result
                except Exception as error:
                    return 400, {'error': str(error)}

            def respond(self):
                status, value = self.answer()
                self.send_response(status)
        @CORS|        self.send_header('Access-Control-Allow-Origin', '*')
        @redirects|        if status == 302:
        @redirects|            self.send_header('Location', value)
                self.send_header('Content-Type', 'text/html' if isinstance(value, str) else 'application/json')
                self.end_headers()
                self.wfile.write((value if isinstance(value, str) else json.dumps(value)).encode())

            do_GET = do_POST = do_PUT = do_DELETE = respond

            def log_message(self, text, *values):
        @logging|        print(self.log_date_time_string(), text % values, flush=True)
        @!logging|        pass

        @tests|if sys.argv[1:] == ['test']:
        @tests|    assert route('GET', '/', {}, {})[0] == 200
        @tests|    print('tests passed')
        @tests|    sys.exit()
        @tests|
        print(name + ' listens on port ' + str(port), flush=True)
        ThreadingHTTPServer(('', port), Handler).serve_forever()
        """;

    public const string JavaScriptCommandLine = """
        const fs = require('fs');
        @crypto|const crypto = require('crypto');

        const name = '<<name>>';
        @persistence|const file = process.env.DATA || 'history.txt';

        function run(text) {
        <<route>>
        }

        function main(args) {
        @help|  if (args[0] === '--help') return console.log('usage: ' + name + ' TEXT or FILE, or standard input');
        @tests|  if (args[0] === 'test') return console.log(run('<<sample>>') ? 'tests passed' : 'tests failed');
          const input = args.length > 0 ? args.join(' ') : fs.readFileSync(0, 'utf8');
          const text = fs.existsSync(input) ? fs.readFileSync(input, 'utf8') : input;
        @logging|  console.error(new Date().toISOString(), name, input);
          const result = run(text.trim());
        @persistence|  fs.appendFileSync(file, JSON.stringify(result) + '\n');
        @JSON output|  console.log(JSON.stringify({ result }));
        @!JSON output|  console.log(result);
        }

        try {
          main(process.argv.slice(2));
        } catch (error) {
          console.error(name + ': ' + error.message);
          process.exit(1);
        }
        """;

    public const string PythonCommandLine = """
        @json|import json
        import os
        @re|import re
        @secrets|import secrets
        import sys
        @time|import time

        name = '<<name>>'
        @persistence|file = os.environ.get('DATA', 'history.txt')

        def run(text):
        <<route>>

        def main(args):
        @help|    if args[:1] == ['--help']:
        @help|        return print('usage: ' + name + ' TEXT or FILE, or standard input')
        @tests|    if args[:1] == ['test']:
        @tests|        return print('tests passed' if run('<<sample>>') else 'tests failed')
            text = ' '.join(args) if args else sys.stdin.read()
            text = open(text).read() if os.path.exists(text) else text
        @logging|    print(time.strftime('%Y-%m-%d %H:%M:%S'), name, text, file=sys.stderr)
            result = run(text.strip())
        @persistence|    open(file, 'a').write(json.dumps(result) + '\n')
        @JSON output|    print(json.dumps({'result': result}))
        @!JSON output|    print(result)

        try:
            main(sys.argv[1:])
        except Exception as error:
            sys.exit(name + ': ' + str(error))
        """;

    /// <summary>The skeleton of a family in a language.</summary>
    public static string Of(bool commandLine, ProgramLanguage language) => (commandLine, language) switch
    {
        (false, ProgramLanguage.JavaScript) => JavaScriptServer,
        (false, _) => PythonServer,
        (true, ProgramLanguage.JavaScript) => JavaScriptCommandLine,
        _ => PythonCommandLine,
    };
}
