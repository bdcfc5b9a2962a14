using System.Diagnostics;

namespace LLMOS.Kernel.Telemetry;

/// <summary>A tool that is run as a span; a syscall is one, too.</summary>
internal static class ToolTrace
{
    /// <summary>Begins the span; null where nobody traces.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="pid">The process in whose place it is run; null for none.</param>
    public static Activity? Begin(string tool, long? pid)
    {
        var activity = LlmosTelemetry.Source.StartActivity($"{GenAiNames.ExecuteTool} {tool}", ActivityKind.Internal);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(GenAiNames.OperationName, GenAiNames.ExecuteTool);
            activity.SetTag(GenAiNames.ToolName, tool);
            activity.SetTag(GenAiNames.ToolType, GenAiNames.Function);
            if (pid is not null)
            {
                activity.SetTag(SpanNames.Pid, pid);
            }
        }

        return activity;
    }

    /// <summary>Says how it failed.</summary>
    public static void Fail(Activity? activity, Exception error)
    {
        activity?.SetTag(GenAiNames.ErrorType, KernelMetrics.ErrorType(error));
        activity?.SetStatus(ActivityStatusCode.Error, error.Message);
    }
}
