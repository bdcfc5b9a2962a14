namespace LLMOS.SystemInterface.Boot;

/// <summary>A stage of boot: what it starts and how it is checked, and how it is undone.</summary>
public interface IBootStage
{
    BootStage Stage { get; }

    /// <summary>Starts the stage's parts and checks each. What a former life of the system left is used again.</summary>
    /// <returns>What it found or made, in a few words.</returns>
    /// <exception cref="LlmosException">A part failed; the sentence names it and the remedy.</exception>
    Task<string> StartAsync(BootContext context, CancellationToken cancellationToken);

    /// <summary>Takes back what has effect while the system runs, when a later stage failed.</summary>
    Task UndoAsync(BootContext context);
}
