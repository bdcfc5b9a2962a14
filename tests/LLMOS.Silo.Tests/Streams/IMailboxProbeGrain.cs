namespace LLMOS.Silo.Tests.Streams;

[Alias("llmos.tests.IMailboxProbeGrain")]
public interface IMailboxProbeGrain : IGrainWithIntegerKey
{
    [Alias("GetSilo")]
    Task<SiloAddress> GetSiloAsync();
}
