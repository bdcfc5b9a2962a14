using System.CommandLine;

namespace LLMOS.Shell.Commands.Keys;

/// <summary><c>keys</c>: the keys that programs show over HTTP.</summary>
internal sealed class KeysCommand : Command
{
    public KeysCommand(ShellContext context)
        : base("keys", "Keys for HTTP: who a program is, in which role, how often and how urgently it may ask")
    {
        Add(new KeysCreateCommand(context));
        Add(new KeysListCommand(context));
        Add(new KeysRevokeCommand(context));
    }
}
