namespace ModelForge.Corpus.Workflow;

/// <summary>Servers that keep a list of entries with numbers.</summary>
internal static class ListServers
{
    private const string JavaScriptListing = "  if (path === '/' && method === 'GET') return [200, data];\n";
    private const string PythonListing = "    if path == '/' and method == 'GET':\n        return 200, data\n";
    private const string JavaScriptId = "  const id = data.length > 0 ? data[data.length - 1].id + 1 : 1;\n  if (path === '/' && method === 'POST') {\n";
    private const string PythonId = "    id = data[-1]['id'] + 1 if data else 1\n    if path == '/' and method == 'POST':\n";
    private const string JavaScriptPushed = "    return [201, data[data.length - 1]];\n  }\n";
    private const string PythonPushed = "        return 201, data[-1]\n";
    private const string JavaScriptItem = "  const item = data.find((entry) => path === '/' + entry.id);\n";
    private const string PythonItem = "    item = next((entry for entry in data if path == '/' + str(entry['id'])), None)\n";
    private const string JavaScriptOne = "  if (item && method === 'GET') return [200, item];\n";
    private const string PythonOne = "    if item and method == 'GET':\n        return 200, item\n";
    private const string JavaScriptPut = "  if (item && method === 'PUT') return [200, Object.assign(item, body, { id: item.id })];\n";
    private const string PythonPut = "    if item and method == 'PUT':\n        item.update({**body, 'id': item['id']})\n        return 200, item\n";
    private const string JavaScriptDelete = "  if (item && method === 'DELETE') return [200, data.splice(data.indexOf(item), 1)];";
    private const string PythonDelete = "    if item and method == 'DELETE':\n        data.remove(item)\n        return 200, item";

    public static IReadOnlyList<ProgramKind> All { get; } =
    [
        List(
            "REST API",
            "api",
            ["REST API", "rest api", "RESTful API", "JSON API", "web API", "CRUD API", "REST service", "API server", "API", "backend API", "REST backend", "CRUD service"],
            "GET and POST /, GET, PUT and DELETE /1",
            "{ ...body, id }",
            "{**body, 'id': id}",
            JavaScriptOne + JavaScriptPut + JavaScriptDelete,
            PythonOne + PythonPut + PythonDelete),
        List(
            "to-do list",
            "todo",
            ["to-do list", "todo list", "to-do app", "todo app", "task list", "task manager", "to do list", "todo manager", "task tracker", "list of tasks", "todo API", "checklist"],
            "GET / lists the tasks, POST / adds one, PUT /1 marks it done, DELETE /1 removes it",
            "{ id, text: body.text, done: false }",
            "{'id': id, 'text': body.get('text'), 'done': False}",
            "  if (item && method === 'PUT') item.done = true;\n  if (item && method === 'PUT') return [200, item];\n" + JavaScriptDelete,
            "    if item and method == 'PUT':\n        item['done'] = True\n        return 200, item\n" + PythonDelete),
        List(
            "chat server",
            "chat",
            ["chat server", "chat", "chat room", "chat app", "chat service", "messaging server", "chatroom", "group chat", "message server", "chat backend", "instant messenger"],
            "GET / shows the messages, POST / sends one",
            "{ id, user: body.user, text: body.text }",
            "{'id': id, 'user': body.get('user'), 'text': body.get('text')}",
            JavaScriptOne.TrimEnd('\n'),
            PythonOne.TrimEnd('\n')),
        List(
            "notes service",
            "notes",
            ["notes service", "notes app", "note taking app", "pastebin", "notebook", "notes server", "paste service", "note-taking service", "notes API", "paste bin", "note keeper"],
            "GET / lists the notes, POST / adds one, GET /1 shows it, DELETE /1 removes it",
            "{ id, text: body.text }",
            "{'id': id, 'text': body.get('text')}",
            JavaScriptOne + JavaScriptDelete,
            PythonOne + PythonDelete),
        List(
            "guestbook",
            "guestbook",
            ["guestbook", "guest book", "visitors book", "guestbook app", "guestbook page", "visitor book", "guestbook server", "digital guestbook", "comment wall"],
            "GET / shows the entries, POST / signs it",
            "{ id, name: body.name, message: body.message }",
            "{'id': id, 'name': body.get('name'), 'message': body.get('message')}",
            JavaScriptOne.TrimEnd('\n'),
            PythonOne.TrimEnd('\n')),
        List(
            "address book",
            "contacts",
            ["address book", "contact list", "contacts app", "phone book", "contact manager", "contact book", "contacts API", "phonebook", "contact directory", "contacts service"],
            "GET / lists the contacts, POST / adds one, PUT /1 changes it, DELETE /1 removes it",
            "{ id, name: body.name, phone: body.phone }",
            "{'id': id, 'name': body.get('name'), 'phone': body.get('phone')}",
            JavaScriptPut + JavaScriptDelete,
            PythonPut + PythonDelete),
    ];

    private static ProgramKind List(
        string title, string file, string[] things, string use, string javaScriptItem, string pythonItem, string javaScriptRest, string pythonRest) => new()
        {
            Title = title,
            File = file,
            Things = things,
            Interface = use,
            JavaScriptData = "[]",
            PythonData = "[]",
            JavaScript = JavaScriptListing + JavaScriptId + $"    data.push({javaScriptItem});\n" + JavaScriptPushed + JavaScriptItem + javaScriptRest,
            Python = PythonListing + PythonId + $"        data.append({pythonItem})\n" + PythonPushed + PythonItem + pythonRest,
        };
}
