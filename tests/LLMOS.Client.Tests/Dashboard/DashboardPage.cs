using Microsoft.Playwright;

namespace LLMOS.Client.Tests.Dashboard;

/// <summary>The dashboard in a tab of its own, which keeps what it asks for, what it complains of, and whether anything opened a dialog.</summary>
internal sealed class DashboardPage : IAsyncDisposable
{
    private const int Patience = 30_000;

    private readonly List<string> _complaints = [];
    private readonly List<Uri> _asked = [];
    private readonly Uri _silo;

    private DashboardPage(IPage page, Uri silo)
    {
        Page = page;
        _silo = silo;
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Dialog += async (_, dialog) =>
        {
            _complaints.Add($"a dialog of script: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) => _asked.Add(new Uri(request.Url));
    }

    public IPage Page { get; }

    public static async Task<DashboardPage> OpenAsync(BrowserSilo silo, string view = "", ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(silo.Missing is not null, silo.Missing ?? "");
        var page = await silo.Browser.NewPageAsync(new BrowserNewPageOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1400, Height = 800 } });
        var dashboard = new DashboardPage(page, silo.Address);
        await page.GotoAsync(new Uri(silo.Address, view.Length == 0 ? "/" : "/#/" + view).ToString());
        await page.Locator("#connection", new PageLocatorOptions { HasTextString = "live" }).WaitForAsync();
        await page.WaitForFunctionAsync("() => Number(document.documentElement.dataset.updates) > 0");
        return dashboard;
    }

    /// <summary>The row of the table that has a text.</summary>
    public ILocator Row(string text) => Page.Locator(".grid .row", new PageLocatorOptions { HasTextString = text });

    /// <summary>Holds that nothing went wrong, and that nobody but the silo was asked.</summary>
    /// <param name="refusals">How often the silo was asked for something that it has not.</param>
    public void IsSound(int refusals = 0)
    {
        Assert.Equal(refusals, _complaints.RemoveAll(complaint => complaint.Contains("status of 404", StringComparison.Ordinal)));
        Assert.Empty(_complaints);
        Assert.NotEmpty(_asked);
        Assert.All(_asked, asked => Assert.Equal(_silo.Authority, asked.Authority));
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
