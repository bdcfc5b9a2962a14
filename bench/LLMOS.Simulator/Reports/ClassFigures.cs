namespace LLMOS.Simulator.Reports;

/// <summary>How the requests of a class fared under a policy. Times are in seconds.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Class">The class, or <see cref="Report.All"/>.</param>
/// <param name="Requests">How many there were.</param>
/// <param name="Waiting">From arrival to a place in the context.</param>
/// <param name="TimeToFirstToken">From arrival to the first token.</param>
/// <param name="TimePerOutputToken">Between tokens, the mean of each request.</param>
/// <param name="Fairness">Jain's index of how fast the requests went beside how fast each would have gone alone: 1 when all were slowed alike.</param>
internal sealed record ClassFigures(
    string Policy, string Class, int Requests, Quantiles Waiting, Quantiles TimeToFirstToken, Quantiles TimePerOutputToken, double Fairness);
