using System.Diagnostics;
using System.Text.RegularExpressions;
using LLMOS.Silo.Logging;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace LLMOS.Silo.Tests.Hosting;

public sealed partial class RollingFileLoggerTests
{
    private static readonly Func<ILogger, long, IDisposable?> InProcess = LoggerMessage.DefineScope<long>("process {Pid}");

    [Fact]
    public async Task Records_of_many_threads_are_whole_lines_and_what_follows_one_is_indented()
    {
        using var folder = new TempFolder();
        await using (var provider = new RollingFileLoggerProvider(folder.Path, TimeProvider.System))
        {
            var logger = provider.CreateLogger("LLMOS.Tests");
            Parallel.For(0, 500, number => Write(logger, LogLevel.Information, $"record {number}"));
            Write(logger, LogLevel.Warning, "a client has gone", new ConnectionResetException("reset by peer"));
            Write(logger, LogLevel.Warning, "two\nlines", new InvalidOperationException("broken"));
        }

        var lines = File.ReadAllLines(Assert.Single(Directory.GetFiles(folder.Path)));
        Assert.Equal(500, lines.Count(line => line.Contains(" info LLMOS.Tests: record ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.EndsWith(" warning LLMOS.Tests: two", StringComparison.Ordinal));
        Assert.Contains("    lines", lines);
        Assert.DoesNotContain(lines, line => line.Contains("has gone", StringComparison.Ordinal) || line.Contains("reset by peer", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("    System.InvalidOperationException: broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_says_which_process_and_trace_it_belongs_to()
    {
        using var folder = new TempFolder();
        await using (var provider = new RollingFileLoggerProvider(folder.Path, TimeProvider.System))
        {
            using var factory = LoggerFactory.Create(logging => logging.AddProvider(provider).Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId));
            var logger = factory.CreateLogger("LLMOS.Tests");
            using var activity = new Activity("turn").Start();
            using (InProcess(logger, 21))
            {
                Write(logger, LogLevel.Information, "inside");
            }

            activity.Stop();
            Write(logger, LogLevel.Information, "outside");
        }

        var lines = File.ReadAllLines(Assert.Single(Directory.GetFiles(folder.Path)));
        Assert.Contains(lines, line => TurnRecord().IsMatch(line));
        Assert.Contains(lines, line => line.EndsWith(" info LLMOS.Tests: outside", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Full_files_are_followed_by_new_ones_and_the_oldest_go()
    {
        using var folder = new TempFolder();
        for (var run = 0; run < 12; run++)
        {
            await using var provider = new RollingFileLoggerProvider(folder.Path, TimeProvider.System, mostBytes: 100);
            Write(provider.CreateLogger("LLMOS.Tests"), LogLevel.Information, new string('x', 200));
        }

        Assert.Equal(RollingFileLoggerProvider.FilesKept, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_loses_the_log_and_nothing_else()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("logs"), "in the way");
        await using var provider = new RollingFileLoggerProvider(folder.File("logs"), TimeProvider.System);
        Write(provider.CreateLogger("LLMOS.Tests"), LogLevel.Error, "nobody will read this");
    }

    private static void Write(ILogger logger, LogLevel level, string text, Exception? exception = null) =>
        logger.Log(level, eventId: default, text, exception, static (text, _) => text);

    [GeneratedRegex(@" info LLMOS\.Tests \[TraceId=[0-9a-f]{32} Pid=21\]: inside$")]
    private static partial Regex TurnRecord();
}
