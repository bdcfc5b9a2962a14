using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LLMOS.SystemInterface.Boot;

/// <summary>Boots the system. It lives as long as the cluster does, and so does what it knows of the boot.</summary>
[KeepAlive]
public sealed class BootGrain(
    [PersistentState("boot")] IPersistentState<BootRecord> state,
    IEnumerable<IBootStage> stages) : Grain, IBootGrain
{
    private readonly List<BootProgress> _completed = [];

    public async IAsyncEnumerable<BootProgress> BootAsync(BootRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_completed.Count == Enum.GetValues<BootStage>().Length)
        {
            foreach (var progress in _completed)
            {
                yield return progress;
            }

            yield break;
        }

        _completed.Clear();
        var context = new BootContext(request, GrainFactory, state.State);
        var begun = new Stack<IBootStage>();
        foreach (var stage in stages.OrderBy(stage => stage.Stage))
        {
            var watch = Stopwatch.StartNew();
            begun.Push(stage);
            string detail;
            try
            {
                detail = await stage.StartAsync(context, cancellationToken);
            }
            catch (Exception exception)
            {
                await UndoAsync(begun, context);
                throw Explain(stage.Stage, exception);
            }

            var progress = new BootProgress(stage.Stage, watch.Elapsed, detail);
            _completed.Add(progress);
            if (stage.Stage == BootStage.ShellReady)
            {
                state.State.Boots++;
                await state.WriteStateAsync(cancellationToken);
            }

            yield return progress;
        }
    }

    private async Task UndoAsync(Stack<IBootStage> begun, BootContext context)
    {
        _completed.Clear();
        while (begun.TryPop(out var stage))
        {
            await stage.UndoAsync(context);
        }
    }

    private static LlmosException Explain(BootStage stage, Exception exception) => exception is LlmosException known
        ? new LlmosException(known.Code, $"Boot stopped in stage {(int)stage} ({stage}): {known.Message}", known)
        : new LlmosException(LlmosErrorCode.Internal, $"Boot stopped in stage {(int)stage} ({stage}): {exception.Message}", exception);
}
