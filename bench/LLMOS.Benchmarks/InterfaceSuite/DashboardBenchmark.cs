using System.Diagnostics;
using System.Globalization;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;
using Microsoft.Playwright;

namespace LLMOS.Benchmarks.InterfaceSuite;

/// <summary>The dashboard of a system of many processes, in chromium on the same machine: how soon it shows them, how often they change before one's eyes, and whether it hears the keys meanwhile.</summary>
internal static class DashboardBenchmark
{
    private const string Chromium = "/usr/bin/chromium";
    private const int Keys = 100;
    private const string ShowsAll = "count => Number(document.querySelector('.grid')?.getAttribute('aria-rowcount') ?? 0) > count && document.querySelector('.grid .row .cell')?.textContent.length > 0";

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        if (!File.Exists(Chromium))
            throw new BenchmarkException($"The dashboard is measured in {Chromium}, which is not there: install Debian's package chromium.");
        var count = run.Quick ? 200 : 1_000;
        var rounds = run.Quick ? 3 : 7;
        run.Say($"dashboard: {count} processes");
        await using var silo = await BenchmarkSilo.StartAsync(new LlmosSiloOptions { Data = run.Workspace.NewFolder(), HttpPort = 0 }, loadModel: false, cancellationToken);
        var pids = new long[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken }, async (i, _) =>
            pids[i] = (await silo.Client.SpawnAsync(new ProcessSpec { Name = string.Create(CultureInfo.InvariantCulture, $"process-{i}"), Program = ProcessPrograms.Mailbox })).Pid);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        var samples = await Interleaved.RunAsync(
            rounds,
            [
                _ => LoadAsync(browser, silo.HttpAddress!, page => page.WaitForFunctionAsync(ShowsAll, count)),
                _ => LoadAsync(browser, new Uri(silo.HttpAddress!, "health"), _ => Task.CompletedTask),
            ],
            cancellationToken);
        run.Add(new Row
        {
            Suite = InterfaceBenchmarks.Name,
            Name = $"dashboard, first view of {count} processes, median",
            Value = Statistics.Median(samples[0]),
            Unit = "ms",
            Peer = "/health in the same browser",
            PeerValue = Statistics.Median(samples[1]),
            Ratio = Statistics.MedianRatio(samples[0], samples[1]),
            Goal = Goal.ValueUnder(1_500),
        });
        await MeasureUpdatesAsync(run, silo, browser, pids, cancellationToken);
    }

    private static async Task MeasureUpdatesAsync(SuiteRun run, BenchmarkSilo silo, IBrowser browser, long[] pids, CancellationToken cancellationToken)
    {
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1400, Height = 900 } });
        await page.GotoAsync(silo.HttpAddress!.ToString());
        await page.WaitForFunctionAsync(ShowsAll, pids.Length);
        var seconds = run.Quick ? 3 : 10;
        var idle = await RateAsync(page, seconds, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changes = 0L;
        var changing = ChangeAsync();
        var busy = await RateAsync(page, seconds, cancellationToken);
        await page.FocusAsync(".grid");
        await page.Keyboard.PressAsync("Home");
        var waits = new List<double>(Keys);
        for (var i = 0; i < Keys; i++)
        {
            var pressed = Stopwatch.GetTimestamp();
            await page.Keyboard.PressAsync("ArrowDown");
            waits.Add(Stopwatch.GetElapsedTime(pressed).TotalMilliseconds);
        }

        var row = await page.Locator(".row[aria-selected=true]").GetAttributeAsync("aria-rowindex");
        await stop.CancelAsync();
        await changing;
        await page.CloseAsync();
        if (changes < seconds)
            throw new BenchmarkException("Nothing changed while updates were counted: there is nothing to report.");
        run.Add(new Row
        {
            Suite = InterfaceBenchmarks.Name,
            Name = $"dashboard, updates a second of {pids.Length} processes that change",
            Value = busy,
            Unit = "1/s",
            Peer = "while nothing changes",
            PeerValue = idle,
            Ratio = busy / idle,
            Goal = Goal.ValueAtLeast(run.Quick ? 5 : 10),
        });
        run.Add(new Row
        {
            Suite = InterfaceBenchmarks.Name,
            Name = $"dashboard, keys heard meanwhile, of {Keys}",
            Value = int.Parse(row ?? "0", CultureInfo.InvariantCulture) - 2,
            Unit = "keys",
            Peer = "pressed",
            PeerValue = Keys,
            Ratio = (double)(int.Parse(row ?? "0", CultureInfo.InvariantCulture) - 2) / Keys,
            Goal = Goal.RatioAtLeast(1),
        });
        waits.Sort();
        run.Add(new Row
        {
            Suite = InterfaceBenchmarks.Name,
            Name = "dashboard, a key until it is handled, 95th percentile",
            Value = waits[(int)(waits.Count * 0.95)],
            Unit = "ms",
            Peer = "the median",
            PeerValue = waits[waits.Count / 2],
            Ratio = waits[(int)(waits.Count * 0.95)] / waits[waits.Count / 2],
        });

        async Task ChangeAsync()
        {
            // Another priority of each in turn.
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await silo.Client.NiceAsync(pids[i % pids.Length], i / pids.Length % 2 == 0 ? 1 : -1);
                changes++;
                await Task.Delay(TimeSpan.FromMilliseconds(2), CancellationToken.None);
            }
        }
    }

    private static async Task<double> RateAsync(IPage page, int seconds, CancellationToken cancellationToken)
    {
        var (before, began) = (await UpdatesAsync(page), Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        return (await UpdatesAsync(page) - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static Task<int> UpdatesAsync(IPage page) => page.EvaluateAsync<int>("() => Number(document.documentElement.dataset.updates)");

    private static async Task<double> LoadAsync(IBrowser browser, Uri address, Func<IPage, Task> until)
    {
        var page = await browser.NewPageAsync();
        var began = Stopwatch.GetTimestamp();
        await page.GotoAsync(address.ToString());
        await until(page);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await page.CloseAsync();
        return took;
    }
}
