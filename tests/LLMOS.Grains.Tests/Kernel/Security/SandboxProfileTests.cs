using System.Collections.Immutable;
using CsCheck;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Kernel.Security;

public sealed class SandboxProfileTests
{
    private static readonly Gen<long?> Limit = Gen.Frequency((1, Gen.Const(default(long?))), (3, Gen.Long[1, 1000].Select(value => (long?)value)));

    private static readonly Gen<TimeSpan?> Time = Limit.Select(value => value is { } seconds ? TimeSpan.FromSeconds(seconds) : default(TimeSpan?));

    private static readonly Gen<ImmutableArray<string>?> Tools = Gen.Frequency(
        (1, Gen.Const(default(ImmutableArray<string>?))),
        (3, Gen.Int[0, 2].Select(i => ((string[])["read", "write", "fetch"])[i]).Array[0, 3].Select(names => (ImmutableArray<string>?)[.. names])));

    private static readonly Gen<SandboxProfile> Profile = Gen.Select(Gen.Bool, Gen.Bool, Tools, Limit, Limit, Time, Time).Select(parts => new SandboxProfile
    {
        IsolatedContext = parts.Item1,
        AllowsNetwork = parts.Item2,
        Tools = parts.Item3,
        MaxTokens = parts.Item4,
        MaxContextTokens = parts.Item5,
        MaxTurnTime = parts.Item6,
        MaxLifetime = parts.Item7,
    });

    [Fact]
    public void A_child_is_confined_at_least_as_both_profiles_say() => Profile.Select(Profile).Sample((own, parent) =>
    {
        var child = own.Within(parent);
        return Array.TrueForAll([own, parent], bound => IsTighter(child, bound));
    });

    private static bool IsTighter(SandboxProfile child, SandboxProfile bound) =>
        (child.IsolatedContext || !bound.IsolatedContext)
        && (!child.AllowsNetwork || bound.AllowsNetwork)
        && Array.TrueForAll(["read", "write", "fetch"], tool => !child.Permits(tool) || bound.Permits(tool))
        && (bound.MaxTokens is null || child.MaxTokens <= bound.MaxTokens)
        && (bound.MaxContextTokens is null || child.MaxContextTokens <= bound.MaxContextTokens)
        && (bound.MaxTurnTime is null || child.MaxTurnTime <= bound.MaxTurnTime)
        && (bound.MaxLifetime is null || child.MaxLifetime <= bound.MaxLifetime);
}
