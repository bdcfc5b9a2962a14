namespace LLMOS.Silo.Http.Live;

/// <summary>A process committed a turn, or several since the sample before.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Name">Its name.</param>
/// <param name="Turns">How many it has committed.</param>
/// <param name="Tokens">Tokens that were computed for it meanwhile.</param>
internal sealed record TurnEvent(long Pid, string Name, long Turns, long Tokens);
