namespace LLMOS.Kernel;

/// <summary>A caller whose write the store refused hears the store's sentence, and not that of the runtime which wraps it.</summary>
internal sealed class StoreErrorFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (OrleansException wrapped) when (wrapped.InnerException is LlmosException)
        {
            throw wrapped.InnerException;
        }
    }
}
