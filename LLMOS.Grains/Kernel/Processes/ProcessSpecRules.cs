using System.Buffers;
using System.Globalization;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Processes;

/// <summary>What a spec must be for a process to be made of it.</summary>
public static class ProcessSpecRules
{
    public const int MaxNameLength = 64;
    public const int MaxRoleLength = 32 * 1024;
    public const int MaxDependencies = 1_000;

    public const int MaxAdapters = 8;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Whether a text can name a process or a group of them.</summary>
    public static bool IsName(string? text) =>
        !string.IsNullOrEmpty(text) && text.Length <= MaxNameLength && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <exception cref="LlmosException">The spec is wrong; the message says what and how to right it.</exception>
    public static void Validate(ProcessSpec spec, IReadOnlyCollection<string> programs)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(programs);
        if (!IsName(spec.Name))
        {
            throw LlmosException.InvalidArgument(
                $"'{Shorten(spec.Name ?? "")}' is no name for a process: use 1 to {MaxNameLength} letters, digits, '-', '_' and '.'.", "name");
        }

        if (long.TryParse(spec.Name, out _))
        {
            throw LlmosException.InvalidArgument($"'{spec.Name}' is no name for a process: a number would be taken for a PID; add a letter.", "name");
        }

        Require(spec.Role is not null, spec, "no role", "use an empty text for none");
        if (spec.Role!.Length > MaxRoleLength)
        {
            throw LlmosException.InvalidArgument(
                $"The role of '{spec.Name}' has {spec.Role.Length} characters; at most {MaxRoleLength} are kept: shorten it.", "role");
        }

        Require(spec.Budget > 0, spec, $"a budget of {spec.Budget} tokens", "give it at least 1");
        Require(spec.BudgetSlice > TimeSpan.Zero, spec, $"a budget slice of {spec.BudgetSlice}", "give it a positive time");
        Require(spec.MaxTokensPerTurn > 0, spec, $"{spec.MaxTokensPerTurn} tokens a turn", "give it at least 1");
        Require(spec.Temperature is >= 0 and <= 10, spec, $"a temperature of {spec.Temperature}", "use 0 to 10");
        if (!spec.Adapters.IsDefaultOrEmpty)
        {
            Require(spec.Adapters.Length <= MaxAdapters, spec, $"{spec.Adapters.Length} adapters", $"use at most {MaxAdapters}");
            foreach (var adapter in spec.Adapters)
            {
                Require(!string.IsNullOrWhiteSpace(adapter?.Name), spec, "an adapter without a name", "use one of Models:Adapters");
                Require(float.IsFinite(adapter!.Scale) && adapter.Scale != 0, spec, string.Create(CultureInfo.InvariantCulture, $"the adapter '{Shorten(adapter.Name)}' at a scale of {adapter.Scale}"), "use a number other than 0");
            }
        }

        Require(Enum.IsDefined(spec.Kind), spec, $"the kind {(int)spec.Kind}", "use User, System, Specialist or Meta");
        Require((spec.Permissions & ~Permissions.All) == 0, spec, $"the permissions {(int)spec.Permissions}", "use those that exist");
        Require(!spec.InheritContext || (spec.Region.Length == 0 && spec.Group.Length == 0), spec, "its parent's context beside a shared one", "leave Region and Group empty, or InheritContext false", "inheritContext");
        Require(!spec.InheritContext || spec.ParentPid >= WellKnownPids.FirstFree, spec, $"the context of process {spec.ParentPid}", "name the parent that it is to go on from in ParentPid", "inheritContext");
        Require(!spec.InheritContext || spec.Permissions.HasFlag(Permissions.ReadContext), spec, "its parent's context without READ_CONTEXT", "give it that permission, or a context of its own", "inheritContext");
        if (spec.Sandbox is { } sandbox)
        {
            Require(sandbox.MaxTokens is null or > 0, spec, $"a limit of {sandbox.MaxTokens} tokens", "give it at least 1");
            Require(sandbox.MaxContextTokens is null or > 0, spec, $"a limit of {sandbox.MaxContextTokens} tokens of context", "give it at least 1");
            Require(sandbox.MaxTurnTime is null || sandbox.MaxTurnTime > TimeSpan.Zero, spec, $"{sandbox.MaxTurnTime} for a turn", "give it a positive time");
            Require(sandbox.MaxLifetime is null || sandbox.MaxLifetime > TimeSpan.Zero, spec, $"{sandbox.MaxLifetime} to live", "give it a positive time");
            CheckIsolation(spec);
        }

        Require(spec.ReservedTokens >= 0, spec, $"{spec.ReservedTokens} reserved tokens", "reserve 0 or more");
        Require(spec.GpuUnits is >= 0 and <= 1_000_000, spec, $"{spec.GpuUnits} device slots", "ask for 0 or more");
        Require(spec.MaxMessages >= 0, spec, $"a mailbox of {spec.MaxMessages} messages", "give it a positive limit, or 0 for as many as the silo allows");
        if (spec.Account.Length > 0)
        {
            AccountKey.Validate(spec.Account);
            Require(spec.ParentPid < WellKnownPids.FirstFree, spec, $"the account '{spec.Account}' and the parent {spec.ParentPid}", "a child spends from its parent, whose account it is that counts");
        }

        Require(spec.After.Length <= MaxDependencies, spec, $"{spec.After.Length} processes to wait for", $"name at most {MaxDependencies}", "after");
        Require(Enum.IsDefined(spec.AfterPolicy), spec, $"the dependency policy {(int)spec.AfterPolicy}", "use Fail, Ignore or Wait");
        Require(Enum.IsDefined(spec.Restart), spec, $"the restart policy {(int)spec.Restart}", "use Never, OnFailure or Always");
        Require(spec.MaxRestarts >= 0, spec, $"{spec.MaxRestarts} restarts", "allow 0 or more");
        Require(spec.RestartDelay >= TimeSpan.Zero, spec, $"a restart delay of {spec.RestartDelay}", "give it a time that is not negative");
        Require(Enum.IsDefined(spec.Durability), spec, $"the durability {(int)spec.Durability}", "use Turn or Token");
        Require(spec.MaxTurns >= 0, spec, $"a limit of {spec.MaxTurns} turns", "give it a positive one, or 0 for none");
        Require(spec.MaxTokens >= 0, spec, $"a limit of {spec.MaxTokens} tokens", "give it a positive one, or 0 for none");
        Require(spec.MaxLifetime >= TimeSpan.Zero, spec, $"a lifetime of {spec.MaxLifetime}", "give it a positive one, or zero for no limit");
        Require(programs.Contains(spec.Program), spec, $"the program '{Shorten(spec.Program)}'", $"use one of {string.Join(", ", programs.Order())}");
    }

    /// <exception cref="LlmosException">The spec asks for what a process of one request, of which nothing is stored, cannot have.</exception>
    public static void ValidateFleeting(ProcessSpec spec, bool isFleeting)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Require(isFleeting, spec, $"the program '{spec.Program}' for one request", $"use '{ProcessPrograms.Completion}', or spawn it to stay", "program");
        Require(spec.ParentPid == WellKnownPids.Init, spec, $"the parent {spec.ParentPid} for one request", "leave the parent out");
        Require(spec.Group.Length == 0 && spec.Region.Length == 0, spec, "a group or a region for one request", "leave them out");
        Require(spec.After.IsEmpty, spec, "others to wait for, for one request", "ask when they have ended", "after");
        Require(spec.Restart == RestartPolicy.Never, spec, "a restart for one request", "ask again");
        Require(spec.Durability == ProcessDurability.Turn, spec, "the durability token for one request, of which nothing is stored", "spawn it to stay");
    }

    /// <exception cref="LlmosException">The context is to be isolated, and a region of others is named.</exception>
    internal static void CheckIsolation(ProcessSpec spec) => Require(
        spec is not { Sandbox.IsolatedContext: true, Region.Length: > 0 }, spec, $"an isolated context in the region {spec.Region}", "name no region, or do not isolate it");

    private static void Require(bool holds, ProcessSpec spec, string what, string remedy, string? argument = null)
    {
        if (!holds)
        {
            throw LlmosException.InvalidArgument($"'{spec.Name}' cannot have {what}: {remedy}.", argument);
        }
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
