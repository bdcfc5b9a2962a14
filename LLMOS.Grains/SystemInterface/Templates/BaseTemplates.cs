namespace LLMOS.SystemInterface.Templates;

/// <summary>The templates that a new system begins with; they are files like those of users, and changed as such.</summary>
internal static class BaseTemplates
{
    public static IReadOnlyList<(string Name, string Json)> All { get; } =
    [
        ("assistant", """
            {
              "role": "You answer questions briefly and say when you do not know.",
              "kind": "user"
            }
            """),
        ("operator", """
            {
              // What the default model is trained to make system calls by.
              "role": "shell",
              "program": "actor",
              "permissions": ["READ_CONTEXT", "WRITE_CONTEXT", "EXECUTE_TOOL", "SPAWN_AGENT"]
            }
            """),
        ("researcher", """
            {
              "role": "You collect what is known about a question, with its sources, and say what is missing.",
              "kind": "specialist",
              "permissions": ["READ_CONTEXT", "WRITE_CONTEXT"]
            }
            """),
        ("reviewer", """
            {
              "role": "You look for defects in what you are given, name each with its place and how to mend it, and invent none.",
              "kind": "specialist",
              "priority": "high",
              "permissions": ["READ_CONTEXT", "WRITE_CONTEXT"]
            }
            """),
        ("batch", """
            {
              "role": "You work through what you are given when nobody else needs the machine.",
              "kind": "specialist",
              "priority": "idle",
              "restart": "on-failure"
            }
            """),
    ];
}
