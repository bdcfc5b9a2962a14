using LLMOS.Shell.Syscalls;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Tests;

public sealed class WorkingDirectoryTests
{
    [Fact]
    public void Paths_begin_where_the_shell_is_and_processes_do_not() => Assert.Equal(
        ["append path", "cat path", "cd path", "grep path", "history path", "index path", "ls path", "mkdir path", "move path", "move to", "remove path", "rollback path", "write path"],
        SyscallCatalog.All.SelectMany(call => call.Parameters.Where(WorkingDirectory.IsPath).Select(parameter => $"{call.Name} {parameter.Name}")).Order(StringComparer.Ordinal));
}
