using LLMOS.Cognition.Inference;

namespace LLMOS.Agents;

/// <summary>
/// How a turn at durability token began: another attempt asks for the same, whatever has become of the region, the budget and
/// the process's model since.
/// </summary>
/// <param name="Model">The model that the process asked for.</param>
/// <param name="Card">The model that it got.</param>
/// <param name="Request">What it was asked.</param>
/// <param name="Truncated">Whether older context was left out.</param>
[GenerateSerializer, Immutable, Alias("llmos.turn-opening")]
internal sealed record TurnOpening(
    [property: Id(0)] string Model,
    [property: Id(1)] ModelCard Card,
    [property: Id(2)] InferenceRequest Request,
    [property: Id(3)] bool Truncated)
{
    /// <exception cref="LlmosException">Another model has the name now, whose tokens are others.</exception>
    public void EnsureSame(ModelCard card)
    {
        if ((card.Name, card.Architecture, card.Parameters, card.SizeBytes) != (Card.Name, Card.Architecture, Card.Parameters, Card.SizeBytes))
        {
            throw LlmosException.Refused(
                $"The turn began to speak with the model '{Card.Name}' ({Card.Architecture}, {Card.SizeBytes} bytes), in whose place there is another now ({card.Architecture}, {card.SizeBytes} bytes), which cannot go on with its text: put the former one back, or ask again.");
        }
    }
}
