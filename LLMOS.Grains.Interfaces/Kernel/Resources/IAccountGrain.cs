using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Resources;

/// <summary>
/// An account of the ledger: a user, a group, or a process with children. Those who spend from it hold leases while
/// they think and say what their meters read; it is itself a holder of the account above it. Key: see <see cref="AccountKey"/>.
/// </summary>
[Alias("llmos.IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Makes somebody a holder, within the quotas of this account and those above it.</summary>
    /// <param name="holder">Its name here.</param>
    /// <param name="reading">Its meter.</param>
    /// <param name="reserved">Tokens of each slice that are set aside for it; null to leave that as it is.</param>
    /// <exception cref="LlmosException">A quota is full, or more would be set aside than the account has.</exception>
    [Alias("Enroll"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task EnrollAsync(string holder, HolderReading reading, long? reserved);

    /// <summary>Asks for tokens beyond the lease that the reading names. A grant is durable, and counted in all accounts above.</summary>
    /// <param name="holder">Who asks.</param>
    /// <param name="reading">Its meter before the grant.</param>
    /// <param name="least">Fewer are of no use to it; positive.</param>
    /// <param name="most">More are not needed.</param>
    /// <param name="requests">Turns that it asks for, for the rate of requests.</param>
    [Alias("Reserve"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<TokenGrant> ReserveAsync(string holder, HolderReading reading, long least, long most, int requests);

    /// <summary>Says what a meter reads now. What was leased beyond it and is not in the reading is given back.</summary>
    [Alias("Report"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task ReportAsync(string holder, HolderReading reading);

    /// <summary>Forgets a holder that has ended and will say nothing more; what it spent stays spent.</summary>
    [Alias("Forget"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task ForgetAsync(string holder);

    /// <summary>Returns when something was given back since a refusal, here or above, or when the time is over.</summary>
    [Alias("WaitForRoom"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task WaitForRoomAsync(long releases, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>The account's own meter, for the account above it.</summary>
    [Alias("Read"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<HolderReading> ReadAsync();

    [Alias("GetStatement"), AlwaysInterleave]
    [Requires(Privileges = Privileges.ManageProcesses, Syscall = "getrlimit")]
    Task<AccountStatement> GetStatementAsync();

    /// <summary>Sets a limit of a user's or a group's account, which takes SUDO. A process's limits are set at the process.</summary>
    /// <exception cref="LlmosException">The value is wrong, or the caller may not.</exception>
    [Alias("SetLimit"), AlwaysInterleave]
    [Requires(Privileges = Privileges.ManageProcesses, Syscall = "setrlimit", RecordFirst = true)]
    Task<AccountStatement> SetLimitAsync(LimitCaller caller, ResourceLimit limit, double value);

    /// <summary>Takes over the limits of a process's account; called by its process.</summary>
    [Alias("SetLimits"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<AccountStatement> SetLimitsAsync(AccountLimits limits);
}
