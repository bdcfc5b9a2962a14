using System.Diagnostics;
using System.Globalization;
using LLMOS.SystemInterface.Boot;
using Spectre.Console;

namespace LLMOS.Shell.Output;

/// <summary>Shows the stages of boot on standard error as they complete, each with its time.</summary>
internal sealed class BootView(ShellConsole console, bool enabled, Stopwatch sinceStart)
{
    private static readonly int Stages = Enum.GetValues<BootStage>().Length;

    private bool _waiting;

    public void Begin() => ShowWaiting("starting the silo …");

    public void Show(BootProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (!enabled)
        {
            return;
        }

        ClearWaiting();
        var stage = string.Create(
            CultureInfo.InvariantCulture,
            $"[{(int)progress.Stage}/{Stages}] {Name(progress.Stage),-12} {Figures.Duration(progress.Elapsed),8}  {SafeText.Line(progress.Detail)}");
        if (console.ErrorAnsi is { } terminal)
        {
            terminal.Write(new Text(stage + Environment.NewLine, new Style(Color.Green)));
        }
        else
        {
            console.Error.WriteLine(stage);
        }

        if ((int)progress.Stage < Stages)
        {
            ShowWaiting(Name(progress.Stage + 1) + " …");
        }
    }

    /// <param name="booted">Whether a silo was started; false for one that was there and is joined.</param>
    public void End(bool booted)
    {
        if (enabled)
        {
            ClearWaiting();
            console.WriteProgress($"{(booted ? "ready" : "joined the silo of this data folder")} in {Figures.Duration(sinceStart.Elapsed)}");
        }
    }

    public void Abandon() => ClearWaiting();

    private static string Name(BootStage stage) => stage == BootStage.ShellReady ? "shell ready" : stage.ToString().ToLowerInvariant();

    private void ShowWaiting(string what)
    {
        if (enabled && console.ErrorAnsi is { } terminal)
        {
            terminal.Write(new Text("      " + what, new Style(Color.Grey)));
            _waiting = true;
        }
    }

    private void ClearWaiting()
    {
        if (_waiting)
        {
            console.Error.Write("\r\u001b[K");
            _waiting = false;
        }
    }
}
