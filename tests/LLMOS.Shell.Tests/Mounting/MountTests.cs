using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace LLMOS.Shell.Tests.Mounting;

/// <summary>A real mount, used by the programs that people use: <c>llmos boot</c>, <c>llmos mount</c> and a POSIX shell, each a process of its own.</summary>
public sealed partial class MountTests : IDisposable
{
    private const int Kill = 9;

    private readonly TempFolder _home = new();

    private string Folder => _home.File("vfs");

    public void Dispose()
    {
        // A test that failed leaves the folder mounted, and nothing in it is the test's to delete.
        if (OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/mountinfo").Contains($" {Folder} ", StringComparison.Ordinal))
        {
            Process.Start("umount", ["-l", Folder]).WaitForExit();
        }

        _home.Dispose();
    }

    [Fact]
    public async Task Programs_use_VectorFS_as_any_folder()
    {
        using var silo = await BootAsync();
        using var mount = await MountAsync(silo);

        Assert.Equal("agents\napps\ncontext\nknowledge\nlogs\nmodels\ntools\n", await RunAsync("ls"));
        await RunAsync("echo 'Knead the dough and bake it.' > knowledge/facts/bread.md");
        Assert.Equal("Knead the dough and bake it.\n", await RunAsync("cat knowledge/facts/bread.md"));
        Assert.Equal("29", (await RunAsync("stat -c %s knowledge/facts/bread.md")).Trim());
        Assert.Equal("1", Attribute("knowledge/facts/bread.md", "version"));
        await RunAsync("echo 'Let it cool.' >> knowledge/facts/bread.md");
        Assert.Equal("Knead the dough and bake it.\nLet it cool.\n", await RunAsync("cat knowledge/facts/bread.md"));
        Assert.Equal(("2", "appended", "/knowledge/facts/bread.md", "false"), (Attribute("knowledge/facts/bread.md", "version"), Attribute("knowledge/facts/bread.md", "change"), Attribute("knowledge/facts/bread.md", "path"), Attribute("knowledge/facts/bread.md", "shared")));

        // An editor saves by writing another file and moving it over.
        await RunAsync("sed -i 's/cool/rest/' knowledge/facts/bread.md");
        Assert.Equal("3", Attribute("knowledge/facts/bread.md", "version"));
        Assert.Equal("bread.md\n", await RunAsync("ls knowledge/facts"));

        // Directories, moving, removing, and a file that takes several writes.
        var large = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"line {i}: größer als ein Aufruf\n"));
        await File.WriteAllTextAsync(_home.File("large.txt"), large, TestContext.Current.CancellationToken);
        await RunAsync("mkdir -p apps/web/src && cp ../large.txt apps/web/src/ && cmp ../large.txt apps/web/src/large.txt");
        Assert.Equal("1", Attribute("apps/web/src/large.txt", "version"));
        await RunAsync("mv apps/web/src apps/web/source && mv apps/web/source/large.txt apps/web/a.txt && rmdir apps/web/source");
        Assert.Equal("a.txt\n", await RunAsync("ls apps/web"));
        Assert.Equal("apps/web\napps/web/a.txt\n", await RunAsync("find apps/web | sort"));
        await RunAsync("truncate -s 6 apps/web/a.txt && test \"$(cat apps/web/a.txt)\" = 'line 0'");
        await FailAsync("rmdir apps/web", "not empty");
        await FailAsync("mkdir apps/web", "File exists");
        await FailAsync("cat apps/none", "No such file or directory");
        await FailAsync("ln -s /etc/passwd apps/link", "not permitted");
        await RunAsync("rm -r apps/web && test ! -e apps/web");

        // Further names and links, as programs make them: what is moved over one name leaves the others.
        await RunAsync("mkdir -p apps/n/deep && echo one > apps/n/a && ln apps/n/a apps/n/deep/b && ln -s ../a apps/n/deep/s && ln -s deep apps/n/d && ln -s \"$PWD/apps/n/a\" apps/n/abs");
        Assert.Equal("2 2\n", await RunAsync("echo $(stat -c %h apps/n/a apps/n/deep/b)"));
        Assert.Equal("one\none\none\none\n", await RunAsync("cat apps/n/a apps/n/d/b apps/n/deep/s apps/n/abs"));
        await RunAsync("test apps/n/a -ef apps/n/deep/b && echo two >> apps/n/d/b && test \"$(cat apps/n/a)\" = \"$(printf 'one\\ntwo')\"");
        Assert.Equal("../../apps/n/a\n", await RunAsync("readlink apps/n/abs"));
        await RunAsync("rm apps/n/a && test ! -e apps/n/abs && test -L apps/n/abs && ln apps/n/deep/b apps/n/a && sed -i 's/one/1/' apps/n/a && test \"$(head -n 1 apps/n/deep/b)\" = one");
        await FailAsync("ln apps/n apps/n/directory", "hard link not allowed for directory");
        await FailAsync("ln -s self apps/n/self", "Too many levels of symbolic links");
        await RunAsync("ln apps/n/a apps/n/c && cp -a apps/n ../copied && diff -r --no-dereference apps/n ../copied && tar -cf ../n.tar -C apps n && rm -r apps/n && tar -xf ../n.tar -C apps && diff -r --no-dereference apps/n ../copied && test apps/n/a -ef apps/n/c && rm -r apps/n ../copied");

        // What shows the system is read.
        await RunAsync("test -s tools/kill && test -s agents/1");
        foreach (var refused in new[] { "echo x > tools/kill", "echo x > tools/new", "rm agents/1", "mkdir models/mine", "mv logs/system apps/", "mv apps/templates tools/", "ln apps/templates/reviewer.json tools/x", "truncate -s 0 tools/kill" })
        {
            await FailAsync(refused, "Read-only file system");
        }

        await FailAsync("mv tools apps/", "busy");
        await FailAsync("rmdir agents", "busy");

        // No text, no part of it, and the program is told.
        await File.WriteAllBytesAsync(_home.File("binary"), [.. "text"u8, 0, 1, 2, 255], TestContext.Current.CancellationToken);
        await FailAsync("cp ../binary apps/binary", "Invalid argument");
        await RunAsync("test ! -e apps/binary");

        // Searches, and what others do meanwhile.
        Assert.StartsWith("01-bread.md\n", await RunAsync("ls '.search/knead the dough'"), StringComparison.Ordinal);
        Assert.Equal("../../knowledge/facts/bread.md\n", await RunAsync("readlink '.search/knead the dough/01-bread.md'"));
        Assert.Equal("Let it rest.\n", await RunAsync("tail -n 1 '.search/knead the dough/01-bread.md'"));
        Assert.Equal("", await RunAsync("ls .search"));
        using (var append = await ShellProcess.RunAsync(_home.Path, "fs", "append", "/knowledge/facts/bread.md", "Eat.", "--connect", GatewayOf(silo)))
        {
            Assert.True(append.ExitCode == 0, append.Error);
        }

        Assert.EndsWith("Let it rest.\nEat.", await RunAsync("cat knowledge/facts/bread.md"), StringComparison.Ordinal);

        mount.Signal(ShellProcess.Interrupt);
        Assert.Equal(130, await mount.WaitAsync());
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
        Assert.Contains("apps/binary was not saved: it is no UTF-8 text", mount.Error, StringComparison.Ordinal);
        Assert.Contains("apps/link was not made: a link to '/etc/passwd' leads out of the folder", mount.Error, StringComparison.Ordinal);
        Assert.Equal(2, mount.Error.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Operations_of_chance_end_as_in_any_other_folder()
    {
        using var silo = await BootAsync();
        using var mount = await MountAsync(silo);
        string[] names = ["a", "b", "d", "e", "d/a", "d/b", "d/e", "e/a", "e/ü"];
        for (var seed = 1; seed <= 4; seed++)
        {
            var random = new Random(seed);
            var roots = new[] { Path.Combine(Folder, "apps", $"chance{seed}"), _home.File($"chance{seed}") };
            Assert.All(roots, root => Assert.Equal("0", Posix.MakeDirectory(root)));
            var handles = new Dictionary<int, int[]>();
            for (var step = 0; step < 600; step++)
            {
                var (path, other) = (random.GetItems(names, 1)[0], random.GetItems(names, 1)[0]);
                var text = new string((char)random.Next('a', 'z'), random.Next(30));
                var (slot, flags) = (random.Next(4), random.GetItems([0, Posix.Create, Posix.Create | Posix.Append], 1)[0]);
                Func<int, string> operation = random.Next(13) switch
                {
                    0 => i => Posix.Write($"{roots[i]}/{path}", Posix.Truncate, text),
                    1 => i => Posix.Write($"{roots[i]}/{path}", Posix.Append, text),
                    2 => i => Posix.Write($"{roots[i]}/{path}", Posix.Exclusive, text),
                    3 => i => Posix.Read($"{roots[i]}/{path}"),
                    4 => i => Posix.MakeDirectory($"{roots[i]}/{path}"),
                    5 => i => Posix.RemoveDirectory($"{roots[i]}/{path}"),
                    6 => i => Posix.Unlink($"{roots[i]}/{path}"),
                    7 or 8 => i => Posix.Rename($"{roots[i]}/{path}", $"{roots[i]}/{other}"),
                    9 => i => Posix.Cut($"{roots[i]}/{path}"),
                    10 when handles.Remove(slot, out var closed) => i => Posix.Close(closed[i]),
                    11 when handles.TryGetValue(slot, out var written) => i => Posix.WriteAt(written[i], text),
                    12 when handles.TryGetValue(slot, out var read) => i => Posix.ReadAll(read[i]),
                    _ when handles.ContainsKey(slot) => _ => "",
                    _ => i => Open(handles, slot, i, $"{roots[i]}/{path}", flags),
                };
                Assert.Equal((seed, step, path, other, operation(1)), (seed, step, path, other, operation(0)));
            }

            Assert.All(handles.Values, pair => Assert.Equal(Posix.Close(pair[1]), Posix.Close(pair[0])));
            await RunAsync($"diff -r chance{seed} vfs/apps/chance{seed}", _home.Path);
        }

        Assert.Equal("", mount.Error);
    }

    [Fact]
    public async Task Links_of_chance_end_as_in_any_other_folder()
    {
        using var silo = await BootAsync();
        using var mount = await MountAsync(silo);
        string[] names = ["a", "b", "d/a", "d/b"];
        string[] links = ["l", "d/l"];
        string[] targets = ["a", "b", "../a", "d/b", "d", "."];
        var random = new Random(11);
        var roots = new[] { Path.Combine(Folder, "apps", "links"), _home.File("links") };
        Assert.All(roots, root => Assert.Equal("0 0", $"{Posix.MakeDirectory(root)} {Posix.MakeDirectory($"{root}/d")}"));
        var handles = new Dictionary<int, int[]>();
        for (var step = 0; step < 400; step++)
        {
            var (path, other, link) = (random.GetItems(names, 1)[0], random.GetItems(names, 1)[0], random.GetItems(links, 1)[0]);
            var (text, target) = (new string((char)random.Next('a', 'z'), random.Next(1, 20)), random.GetItems(targets, 1)[0]);
            var slot = random.Next(3);
            Func<int, string> operation = random.Next(14) switch
            {
                0 => i => Posix.Write($"{roots[i]}/{path}", Posix.Truncate, text),
                1 => i => Posix.Write($"{roots[i]}/{path}", Posix.Append, text),
                10 when handles.Remove(slot, out var closed) => i => Posix.Close(closed[i]),

                // What is written through a name that was removed meanwhile is the file's under its others.
                10 or 11 or 12 when handles.TryGetValue(slot, out var written) => i => $"{Posix.WriteAt(written[i], text)} {Posix.Sync(written[i])}",
                10 or 11 or 12 => i => Open(handles, slot, i, $"{roots[i]}/{path}", Posix.Append),
                2 or 3 => i => Posix.Link($"{roots[i]}/{path}", $"{roots[i]}/{other}"),
                4 => i => Posix.SymbolicLink(target, $"{roots[i]}/{link}"),
                5 => i => Posix.ReadLink($"{roots[i]}/{link}"),
                6 => i => Posix.Unlink($"{roots[i]}/{(step % 2 == 0 ? path : link)}"),
                7 => i => Posix.Rename($"{roots[i]}/{path}", $"{roots[i]}/{other}"),
                8 => i => Posix.Read($"{roots[i]}/{link}/{other}"),
                _ => i => $"{Posix.Read($"{roots[i]}/{path}")} {Posix.Read($"{roots[i]}/{link}")}",
            };
            Assert.Equal((step, path, other, link, target, operation(1)), (step, path, other, link, target, operation(0)));
        }

        Assert.All(handles.Values, pair => Assert.Equal(Posix.Close(pair[1]), Posix.Close(pair[0])));
        await RunAsync("diff -r --no-dereference links vfs/apps/links", _home.Path);
        Assert.Equal("", mount.Error);
    }

    [Fact]
    public async Task What_is_removed_or_moved_over_while_it_is_open_goes_on_as_in_any_other_folder()
    {
        using var silo = await BootAsync();
        using var mount = await MountAsync(silo);
        string[] scripts =
        [
            // Removed: it can be read, written, cut, opened through the handle, and be no text; with the last close it is gone.
            "echo one > a; exec 3<>a; cat <&3; rm a; test ! -e a; echo two >&3; stat -Lc '%h %s' /proc/self/fd/3; cat /proc/self/fd/3; "
            + "truncate -s 4 /proc/self/fd/3; echo three >> /proc/self/fd/3; cat /proc/self/fd/3; printf '\\0\\1\\377' >> /proc/self/fd/3; od -An -c /proc/self/fd/3; "
            + "echo other > a; cat a /proc/self/fd/3 | od -An -c; exec 3>&-; cat a; rm a; ls",

            // Never saved before it is removed.
            "exec 3<>new; rm new; echo text >&3; cat /proc/self/fd/3; stat -Lc '%h %s' /proc/self/fd/3; exec 3>&-; ls",

            // One of two names removed: what is written is under the other, wherever that is moved to.
            "echo one > a; ln a b; exec 3>>a; rm a; echo two >&3; mkdir d; mv b d/c; echo three >&3; exec 3>&-; cat d/c; exec 4<>d/c; rm d/c; echo un >&4; cat /proc/self/fd/4; exec 4>&-; rmdir d; ls",

            // Moved over: what was there is nobody's, unless it has another name.
            "echo old > a; echo new > n; exec 3<>a; mv n a; echo XX >&3; cat /proc/self/fd/3 a; stat -Lc %h /proc/self/fd/3; exec 3>&-; cat a; rm a",
            "echo old > a; ln a b; echo new > n; exec 3>>a; mv n a; echo more >&3; exec 3>&-; cat a b; rm a b",
            "echo old > a; ln a b; exec 3<>a; rm a; echo new > n; mv n b; echo XX >&3; cat /proc/self/fd/3 b; exec 3>&-; cat b; rm b",

            // Programs that keep what they sort in files without a name.
            "seq 20000 | sort -R -T . -S 32k > shuffled; sort -n -T . -S 32k shuffled | tail -n 1; rm shuffled; ls",
        ];
        foreach (var script in scripts)
        {
            var plain = Directory.CreateDirectory(_home.File("plain")).FullName;
            var (code, output, error) = await ShellAsync(script, plain);
            Assert.Equal((script, 0, ""), (script, code, error));
            Assert.Equal((script, code, output, error), await WithScriptAsync(script, Path.Combine(Folder, "apps", "open")));
        }

        Assert.Equal("", mount.Error);

        async Task<(string, int, string, string)> WithScriptAsync(string script, string folder)
        {
            Directory.CreateDirectory(folder);
            var (code, output, error) = await ShellAsync(script, folder);
            return (script, code, output, error);
        }
    }

    [Fact]
    public async Task A_mount_that_is_killed_leaves_the_silo_unharmed_and_is_mounted_again()
    {
        using var silo = await BootAsync();
        using (var mount = await MountAsync(silo))
        {
            await RunAsync("echo kept > apps/kept");
            mount.Signal(Kill);
            await mount.WaitAsync();
            var (_, _, error) = await ShellAsync("ls vfs", _home.Path);
            Assert.Contains("Transport endpoint is not connected", error, StringComparison.Ordinal);
        }

        using (var ps = await ShellProcess.RunAsync(_home.Path, "ps", "--connect", GatewayOf(silo)))
        {
            Assert.True(ps.ExitCode == 0, ps.Error);
        }

        using var again = await MountAsync(silo);
        Assert.Equal("kept\n", await RunAsync("cat apps/kept"));

        // A folder that is in use is told from one that was left behind.
        using var twice = await ShellProcess.RunAsync(_home.Path, "mount", Folder, "--connect", GatewayOf(silo));
        Assert.Equal((2, true), (twice.ExitCode, twice.Error.Contains("shows VectorFS already", StringComparison.Ordinal)));

        // Whoever takes it away from outside ends the program.
        await RunAsync("umount vfs", _home.Path);
        Assert.Equal(0, await again.WaitAsync());
        Assert.Equal("", again.Error);
    }

    [Fact]
    public async Task What_cannot_be_mounted_on_is_named_before_anything_starts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mounting is for Linux.");
        await File.WriteAllTextAsync(_home.File("file"), "", TestContext.Current.CancellationToken);
        foreach (var (folder, part) in new[] { ("none", "There is no folder "), ("file", " is a file: "), (".", " is not empty"), ("/proc", "is mounted: ") })
        {
            using var shell = await ShellProcess.RunAsync(_home.Path, "mount", folder);
            Assert.Contains(part, shell.Error, StringComparison.Ordinal);
            Assert.StartsWith("llmos: ", shell.Error, StringComparison.Ordinal);
            Assert.Equal((2, ""), (shell.ExitCode, shell.Output));
        }

        Assert.Equal([_home.File("file")], Directory.GetFileSystemEntries(_home.Path));
    }

    private async Task<ShellProcess> BootAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/dev/fuse"), "There is no FUSE here.");
        Directory.CreateDirectory(Folder);
        var silo = ShellProcess.Start(_home.Path, "boot", "--data", _home.File("data"));
        await silo.UntilAsync((output, _) => Gateway().IsMatch(output));
        return silo;
    }

    private async Task<ShellProcess> MountAsync(ShellProcess silo)
    {
        var mount = ShellProcess.Start(_home.Path, "mount", Folder, "--connect", GatewayOf(silo));
        await mount.UntilAsync((output, error) => output.Contains('\n') || error.Contains('\n'));
        Assert.SkipWhen(mount.Error.Contains("cannot be mounted on", StringComparison.Ordinal) || mount.Error.Contains("/dev/fuse", StringComparison.Ordinal), $"This user mounts nothing here: {mount.Error}");
        Assert.Equal($"VectorFS is at {Folder}; Ctrl-C takes it away\n", mount.Output);
        return mount;
    }

    private static string Open(Dictionary<int, int[]> handles, int slot, int root, string path, int flags)
    {
        var handle = Posix.Open(path, Posix.ReadWrite | flags);
        if (handle < 0)
        {
            return Posix.Done(handle);
        }

        handles.TryAdd(slot, new int[2]);
        handles[slot][root] = handle;
        return "opened";
    }

    private async Task<string> RunAsync(string script, string? folder = null)
    {
        var (code, output, error) = await ShellAsync(script, folder ?? Folder);
        Assert.True(code == 0 && error.Length == 0, $"{script}: {code}, {error}");
        return output;
    }

    private async Task FailAsync(string script, string part)
    {
        var (code, _, error) = await ShellAsync(script, Folder);
        Assert.NotEqual(0, code);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> ShellAsync(string script, string folder)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"cd \"$0\" && {script}", folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string GatewayOf(ShellProcess silo) => Gateway().Match(silo.Output).Groups[1].Value;

    private string Attribute(string path, string name)
    {
        var value = new byte[256];
        var length = GetAttribute(Encoding.UTF8.GetBytes(Path.Combine(Folder, path) + '\0'), Encoding.UTF8.GetBytes($"user.llmos.{name}\0"), value, value.Length);
        Assert.True(length >= 0, $"{name} of {path}: {Marshal.GetLastPInvokeError()}");
        return Encoding.UTF8.GetString(value, 0, (int)length);
    }

    [GeneratedRegex(@"Gateway (localhost:\d+)\s")]
    private static partial Regex Gateway();

    [DllImport("libc", EntryPoint = "getxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetAttribute(byte[] path, byte[] name, byte[] value, nint size);
}
