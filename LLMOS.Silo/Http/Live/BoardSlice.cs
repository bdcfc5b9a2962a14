namespace LLMOS.Silo.Http.Live;

/// <summary>A slice of the scheduler: who held a device when.</summary>
/// <param name="Engine">The number of the engine, with its silo.</param>
/// <param name="Number">Its number there; one that still grows comes again under it.</param>
/// <param name="Pid">Whose it was.</param>
/// <param name="Began">When, in milliseconds since 1970.</param>
/// <param name="Ms">How long.</param>
/// <param name="Prefill">Prompt tokens computed.</param>
/// <param name="Decode">Tokens of answers computed.</param>
internal sealed record BoardSlice(string Engine, long Number, long Pid, double Began, double Ms, int Prefill, int Decode);
