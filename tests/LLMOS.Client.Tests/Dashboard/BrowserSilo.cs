using LLMOS.Client.Tests.OpenAi;
using Microsoft.Playwright;

namespace LLMOS.Client.Tests.Dashboard;

/// <summary>A silo with HTTP, and Debian's chromium to look at it.</summary>
public sealed class BrowserSilo : HttpSilo, IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>Why there is no browser; null where there is one. In CI there has to be one.</summary>
    public string? Missing { get; private set; }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            Missing = $"The tests of the dashboard drive {Chromium}, which is not there: install Debian's package chromium.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                throw new InvalidOperationException(Missing);
            }
        }

        await InitializeAsync();
        if (Missing is not null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await DisposeAsync();
    }
}
