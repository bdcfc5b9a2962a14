namespace LLMOS.Client;

/// <summary>Says in a sentence that a call was lost with its connection or its silo, or was not answered in time.</summary>
internal sealed class LostCallFilter(string gateways) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (TimeoutException late)
        {
            throw new LlmosException(
                LlmosErrorCode.Unavailable,
                $"The system at {gateways} did not answer in time, and may have done what it was asked for: look, then do it again if it was not done.",
                late);
        }
        catch (OrleansException lost)
        {
            throw new LlmosException(
                LlmosErrorCode.Unavailable,
                $"The system at {gateways} is out of reach, and may have done what it was asked for: check that a silo of it runs and look, then do it again if it was not done.",
                lost);
        }
    }
}
