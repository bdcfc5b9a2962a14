using System.Diagnostics;
using LLMOS.Shell;
using LLMOS.Shell.Output;

// Signals first: from here on a Ctrl-C at any moment is heard.
using var interruption = new Interruption();
var sinceStart = Stopwatch.StartNew();
return await new ShellApplication(ShellConsole.OfProcess(), interruption, sinceStart).RunAsync(args, interruption.Token);
