using LLMOS.Kernel.Processes;
using NetArchTest.Rules;

namespace LLMOS.Tests;

/// <summary>What the folders promise: a layer calls its own and those below, and the system knows no provider.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Layers = ["LLMOS.Kernel", "LLMOS.Cognition", "LLMOS.Agents", "LLMOS.SystemInterface"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_layer_calls_none_above_it(int layer)
    {
        foreach (var assembly in (System.Reflection.Assembly[])[typeof(IProcessGrain).Assembly, typeof(ProcessGrain).Assembly])
        {
            var types = Types.InAssembly(assembly).That().ResideInNamespaceStartingWith(Layers[layer]);
            Assert.NotEmpty(types.GetTypes());
            var result = types.ShouldNot().HaveDependencyOnAny(Layers[(layer + 1)..]).GetResult();
            Assert.True(result.IsSuccessful, $"{Layers[layer]} is called upwards by {string.Join(", ", result.FailingTypeNames ?? [])}");
        }
    }

    [Fact]
    public void The_grains_know_no_provider_no_native_code_and_no_http()
    {
        var result = Types.InAssembly(typeof(ProcessGrain).Assembly).ShouldNot()
            .HaveDependencyOnAny("LLMOS.Silo", "LLMOS.Inference", "Microsoft.AspNetCore", "Microsoft.Data.Sqlite").GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
        var references = typeof(ProcessGrain).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).ToList();
        Assert.DoesNotContain(references, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("LLMOS.Silo", StringComparison.Ordinal));
    }

    [Fact]
    public void The_contracts_depend_on_the_sdk_alone()
    {
        var references = typeof(IProcessGrain).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal) && !name.StartsWith("Orleans.", StringComparison.Ordinal) && name != "netstandard");
        Assert.DoesNotContain(references, name => !name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal));
    }
}
