using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// The model of a process, and its change under way.
public sealed partial class ProcessGrain
{
    // Models that it had and may still hold KV of.
    private readonly List<string> _formerModels = [];

    // The model that the turn under way was begun with.
    private string _turnModel = "";

    public async Task<ProcessControlBlock> SwapModelAsync(string model)
    {
        if (string.IsNullOrWhiteSpace(model))
        {
            throw LlmosException.InvalidArgument($"Process {Pid} cannot be given a model without a name: 'llmos models' lists those there are.", "model");
        }

        EnsureAlive();
        EnsureNotNeeded("given another model");
        if (model == Spec.Model)
        {
            return Snapshot();
        }

        // Until the new model is ready nothing changes, and the process goes on with the one it has.
        var ready = await _programs.Get(Pcb.Program).PrepareModelAsync(Pcb, model, GrainFactory);
        EnsureAlive();
        var former = Spec.Model;
        Record.Spec = Spec with { Model = model };
        Record.Pcb = Pcb with { Model = ready.Name, RequestedModel = model, Context = Pcb.Context with { MaxLength = ready.ContextLength } };
        await SaveAsync();
        _outputs.Add(ProcessOutputKind.StateChanged, Guid.Empty, $"thinks with {ready.Name} from its next turn on");
        _formerModels.Add(former);
        if (_turn is null)
        {
            await ReleaseFormerModelsAsync();
        }

        return Snapshot();
    }

    /// <summary>Gives back the KV of models that it does not think with any more. It is a cache: when it cannot be given back, the engine takes it in time.</summary>
    private async Task ReleaseFormerModelsAsync()
    {
        while (_formerModels.Count > 0)
        {
            var former = _formerModels[0];
            _formerModels.RemoveAt(0);
            if (former == Spec.Model)
            {
                continue;
            }

            try
            {
                await _programs.Get(Pcb.Program).ReleaseModelAsync(Pcb, former, GrainFactory);
            }
            catch (Exception exception)
            {
                LogNotReleased(_logger, exception, Pid, former);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid}: what it held of its former model '{Model}' could not be given back.")]
    private static partial void LogNotReleased(ILogger logger, Exception exception, long pid, string model);
}
