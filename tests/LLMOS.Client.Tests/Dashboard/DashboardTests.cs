#pragma warning disable xUnit1051 // The browser has time limits of its own.
using System.Text.Json;
using LLMOS.Client.Chat;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using Microsoft.Extensions.AI;
using Microsoft.Playwright;

namespace LLMOS.Client.Tests.Dashboard;

/// <summary>Each view of the dashboard in a real browser, against a real silo.</summary>
public sealed class DashboardTests(BrowserSilo silo) : IClassFixture<BrowserSilo>
{
    private const string Hostile = "<img src=x onerror=\"alert(1)\"><script>alert(2)</script>";

    [Fact]
    public async Task Processes_are_shown_as_they_change_filtered_and_as_a_tree_by_keyboard()
    {
        await using var dashboard = await DashboardPage.OpenAsync(silo);
        var page = dashboard.Page;
        var parent = await SpawnAsync("elder");
        var child = await SpawnAsync("younger", parent);
        await dashboard.Row("younger").WaitForAsync();
        Assert.Equal(["PID", "Parent", "Name", "State", "Waits for", "Kind", "Model", "Prio", "Class", "Context", "KV", "Prefill/s", "Decode/s", "TTFT ms", "Queue ms", "Budget", "Preempted", "Faults", "Tokens", "Turns", "Mail", "Owner"],
            await page.GetByRole(AriaRole.Columnheader).AllInnerTextsAsync());
        foreach (var figure in new[] { "decode tok/s", "prefill tok/s", "batch", "KV pool", "switches/s", "processes", "hits", "devices" })
        {
            Assert.True(await page.Locator("#figures dt", new PageLocatorOptions { HasTextString = figure }).IsVisibleAsync(), figure);
        }

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("younger");
        await dashboard.Row("elder").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        Assert.Equal("2", await page.GetByRole(AriaRole.Grid).GetAttributeAsync("aria-rowcount"));
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.PressAsync("Delete");
        await page.GetByLabel("Tree").PressAsync("Space");
        await page.GetByRole(AriaRole.Treegrid).FocusAsync();
        await page.Keyboard.PressAsync("End");
        var selected = page.Locator(".row[aria-selected=true]");
        await selected.Filter(new LocatorFilterOptions { HasTextString = "younger" }).WaitForAsync();
        Assert.True(int.Parse(await selected.GetAttributeAsync("aria-level") ?? "0", System.Globalization.CultureInfo.InvariantCulture) >= 2);
        Assert.Equal(await selected.GetAttributeAsync("id"), await page.GetByRole(AriaRole.Treegrid).GetAttributeAsync("aria-activedescendant"));
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowLeft");
        await dashboard.Row("younger").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        await page.Keyboard.PressAsync("ArrowRight");
        await dashboard.Row("younger").WaitForAsync();
        await silo.Client.KillAsync(child);
        await dashboard.Row("younger").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        dashboard.IsSound();
    }

    [Fact]
    public async Task Actions_are_done_after_a_confirmation_and_not_without()
    {
        var pid = await SpawnAsync("victim");
        await using var dashboard = await DashboardPage.OpenAsync(silo);
        var page = dashboard.Page;
        await dashboard.Row("victim").ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Suspend" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Suspend" }).ClickAsync();
        await dashboard.Row("victim").Filter(new LocatorFilterOptions { HasTextString = "SUSPENDED" }).WaitForAsync();
        await page.Keyboard.PressAsync("r");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator($"#row-{pid} .SUSPENDED").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        await page.Keyboard.PressAsync("n");
        await page.GetByLabel("Change by").FillAsync("5");
        await page.Keyboard.PressAsync("Enter");
        await dashboard.Row("victim").Filter(new LocatorFilterOptions { HasTextString = "LOW" }).WaitForAsync();
        await page.Keyboard.PressAsync("k");
        await page.GetByText("Kill process").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        Assert.NotEqual(ProcessState.Terminated, (await silo.Client.GetProcessAsync(pid)).State);
        await page.Keyboard.PressAsync("k");

        // A busy browser says that the dialog before was closed when this one is open.
        await page.GetByText("Kill process").WaitForAsync();
        await page.EvaluateAsync("document.getElementById('dialog').dispatchEvent(new Event('close'))");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Kill" }).ClickAsync();
        await dashboard.Row("victim").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        Assert.Equal("killed from the dashboard", (await silo.Client.GetProcessAsync(pid)).Exit!.Text);
        dashboard.IsSound();
    }

    [Fact]
    public async Task A_turn_is_on_the_timeline_and_in_the_trace_and_hostile_text_runs_nothing_anywhere()
    {
        var speaker = await silo.Client.SpawnAsync(new ProcessSpec { Name = "speaker", Role = Hostile, MaxTokensPerTurn = 40, Seed = 3 });
        await silo.Client.Files.WriteAsync("/hostile.txt", Hostile);
        await using var dashboard = await DashboardPage.OpenAsync(silo, $"trace/{speaker.Pid}");
        var page = dashboard.Page;
        await silo.Client.SendAsync(new OutgoingMessage { To = speaker.Pid, Payload = Hostile });
        await page.Locator("ol.turns > li").First.WaitForAsync();
        await page.Locator("p.dim", new PageLocatorOptions { HasTextString = "tokens in 1 turns" }).WaitForAsync();
        await page.Locator("ol.turns summary").First.ClickAsync();
        Assert.Contains("<img src=x", await page.Locator("ol.turns").InnerTextAsync(), StringComparison.Ordinal);

        await page.Keyboard.PressAsync("2");
        await page.Locator("svg .slice").First.WaitForAsync();
        Assert.Contains("speaker", await page.Locator("svg.chart").TextContentAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("3");
        await page.Locator(".grid .row", new PageLocatorOptions { HasTextString = "<img src=x" }).First.ClickAsync();
        Assert.Equal(Hostile, await page.GetByLabel("The selected message").TextContentAsync());
        await page.Locator("svg .edge").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        await page.Keyboard.PressAsync("6");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "hostile.txt" }).ClickAsync();
        await page.GetByLabel("Content").Filter(new LocatorFilterOptions { HasTextString = Hostile }).WaitForAsync();
        Assert.Equal(0, await page.Locator("main img, main script").CountAsync());
        dashboard.IsSound();
    }

    [Fact]
    public async Task The_trace_of_a_process_of_one_request_says_that_nothing_of_it_is_kept()
    {
        await using var once = await CompletionProcess.SpawnAsync(silo.Client, new ProcessSpec { Name = "once", Role = "" });
        Assert.NotEmpty(await once.AnswerAsync([new(ChatRole.User, "Speak.")], new ChatOptions { MaxOutputTokens = 4 }).ToListAsync());
        await using var dashboard = await DashboardPage.OpenAsync(silo, $"trace/{once.Pid}");
        await dashboard.Page.Locator("ol.turns > li", new PageLocatorOptions { HasTextString = "is not stored" }).WaitForAsync();
        await dashboard.Page.GetByText("It ended (exit 0): its request is answered").WaitForAsync();
        dashboard.IsSound();
    }

    [Fact]
    public async Task Memory_files_audit_and_models_show_what_the_silo_has()
    {
        await silo.Client.Files.MakeDirectoryAsync("/library/sea");
        await silo.Client.Files.WriteAsync("/library/sea/whales.md", "Whales are the largest animals of the sea.");
        await silo.Client.Files.WriteAsync("/library/sea/whales.md", "Whales sing.");
        await using var dashboard = await DashboardPage.OpenAsync(silo, "memory");
        var page = dashboard.Page;
        foreach (var level in new[] { "L1", "L2", "L3", "RAM", "disk" })
        {
            await page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = level, Exact = true }).First.WaitForAsync();
        }

        await page.GetByText("cells in use").First.WaitForAsync();
        await page.GetByLabel("Context region").FillAsync("/context/none");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Alert).Filter(new LocatorFilterOptions { HasTextString = "/context/none" }).WaitForAsync();
        await page.Locator("#main").FocusAsync();
        await page.Keyboard.PressAsync("6");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "library/" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "sea/" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "whales.md" }).ClickAsync();
        await page.GetByLabel("Content").Filter(new LocatorFilterOptions { HasTextString = "Whales sing." }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "1 (" }).ClickAsync();
        await page.GetByLabel("Content").Filter(new LocatorFilterOptions { HasTextString = "largest animals" }).WaitForAsync();
        await page.GetByLabel("Search files by meaning").FillAsync("whales");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("places found").WaitForAsync();
        await page.Locator("#main").FocusAsync();
        await page.Keyboard.PressAsync("7");
        await page.Locator(".grid .row", new PageLocatorOptions { HasTextString = "mkdir" }).First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Verify" }).ClickAsync();
        await page.GetByText("records as they were written").WaitForAsync();
        await page.GetByLabel("Syscall").FillAsync("write");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".grid .row", new PageLocatorOptions { HasTextString = "mkdir" }).First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        await page.Locator("#main").FocusAsync();
        await page.Keyboard.PressAsync("8");
        await page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "tools", Exact = true }).First.WaitForAsync();
        await page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "CPU", Exact = true }).First.WaitForAsync();
        dashboard.IsSound(refusals: 1);
    }

    [Fact]
    public async Task It_is_light_or_dark_as_asked_shows_where_the_focus_is_and_sends_a_strict_policy()
    {
        await using var dashboard = await DashboardPage.OpenAsync(silo, scheme: ColorScheme.Dark);
        var page = dashboard.Page;
        var dark = await BackgroundAsync(page);
        Assert.True(Brightness(dark) < 80, dark);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Theme" }).ClickAsync();
        Assert.True(Brightness(await BackgroundAsync(page)) > 200);
        await page.ReloadAsync();
        Assert.True(Brightness(await BackgroundAsync(page)) > 200);
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the view", await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Tab");
        Assert.NotEqual("none", await page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
        Assert.Equal("/dashboard", await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Silos" }).GetAttributeAsync("href"));
        await page.Locator("#main").FocusAsync();
        await page.Keyboard.PressAsync("?");
        await page.GetByText("Fold and unfold").WaitForAsync();
        dashboard.IsSound();

        using var http = new HttpClient { BaseAddress = silo.Address };
        using var answer = await http.GetAsync("/");
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var missing = await http.GetAsync("/ui/../appsettings.json");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, missing.StatusCode);
        using var orleans = await http.GetAsync("/dashboard/");
        Assert.Equal(System.Net.HttpStatusCode.OK, orleans.StatusCode);
    }

    [Fact]
    public async Task A_thousand_processes_are_a_few_elements_and_keys_are_heard_meanwhile()
    {
        for (var i = 0; i < 1_000; i += 100)
        {
            await Task.WhenAll(Enumerable.Range(i, 100).Select(number => SpawnAsync($"crowd-{number}")));
        }

        await using var dashboard = await DashboardPage.OpenAsync(silo);
        var page = dashboard.Page;
        await page.WaitForFunctionAsync("() => Number(document.querySelector('.grid').getAttribute('aria-rowcount')) > 1000");
        Assert.InRange(await page.Locator(".grid .row").CountAsync(), 10, 100);
        await page.GetByRole(AriaRole.Grid).FocusAsync();
        await page.Keyboard.PressAsync("Home");
        for (var i = 0; i < 50; i++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        // Sorted by PID, the newest first: fifty keys are fifty rows, whatever was drawn meanwhile.
        Assert.Equal("52", await page.Locator(".row[aria-selected=true]").GetAttributeAsync("aria-rowindex"));
        await page.Keyboard.PressAsync("End");
        await dashboard.Row("init").WaitForAsync();
        dashboard.IsSound();
    }

    private async Task<long> SpawnAsync(string name, long parent = WellKnownPids.Init) =>
        (await silo.Client.SpawnAsync(new ProcessSpec { Name = name, Program = ProcessPrograms.Mailbox, ParentPid = parent, Priority = ProcessPriority.Default })).Pid;

    private static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    private static double Brightness(string rgb) => JsonElement.Parse("[" + rgb[(rgb.IndexOf('(', StringComparison.Ordinal) + 1)..rgb.IndexOf(')', StringComparison.Ordinal)] + "]").EnumerateArray().Take(3).Average(part => part.GetDouble());
}
