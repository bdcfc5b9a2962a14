using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.Templates;
using LLMOS.SystemInterface.VectorFs;
using LLMOS.Tests.Running.Security;

namespace LLMOS.Tests.Running.Templates;

/// <summary>Processes that are made of templates.</summary>
public sealed class TemplateTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    private IProcessTemplateGrain Templates => _system.Grains.GetGrain<IProcessTemplateGrain>(0);

    private IVectorFsGrain Files => _system.Grains.GetGrain<IVectorFsGrain>(0);

    [Fact]
    public async Task Those_that_a_system_begins_with_can_all_be_spawned()
    {
        var names = await Templates.ListAsync();
        Assert.Superset(new HashSet<string> { "assistant", "batch", "operator", "researcher", "reviewer" }, names.ToHashSet());
        foreach (var name in (string[])["assistant", "batch", "operator", "researcher", "reviewer"])
        {
            var process = await _system.Table.SpawnAsync(await Templates.GetAsync(name) with { MaxTokensPerTurn = 8 });
            Assert.Equal(name, process.Name);
            if (process.Program == ProcessPrograms.Agent)
                Assert.Null(VmpHeaders.ErrorOf(await _system.AskAsync(process.Pid, "Hello.")));
        }

        Assert.Equal(ProcessPrograms.Actor, (await Templates.GetAsync("OPERATOR")).Program);

        // A file beside it whose name differs in its case is no template, and is not taken for it.
        await Files.WriteAsync("/apps/templates/Reviewer.json", """{"program":"actor","permissions":["SUDO"]}""");
        Assert.Equal(ProcessPrograms.Agent, (await Templates.GetAsync("reviewer")).Program);
        Assert.Equal(ProcessPrograms.Agent, (await Templates.GetAsync("Reviewer")).Program);
        Assert.DoesNotContain("Reviewer", await Templates.ListAsync());
    }

    [Fact]
    public async Task A_role_that_names_a_template_is_made_of_it_and_has_no_more_rights_than_its_parent()
    {
        await Files.WriteAsync("/apps/templates/gardener.json", """{"role":"You water plants.","priority":"low","budget":777,"permissions":["READ_CONTEXT","BROADCAST"],"maxTurns":3}""");
        var spawned = ((ProcessResult)await _system.CallAsync("spawn", """{"role":"a gardener","name":"gustav"}""")).Process;
        Assert.Equal(("gustav", "You water plants.", 777L, 14), (spawned.Name, spawned.Role, spawned.Budget.Allocated, spawned.Priority.Value));
        Assert.Equal(Permissions.ReadContext | Permissions.Broadcast, spawned.Permissions);

        var weak = await _system.Table.SpawnAsync(new ProcessSpec { Name = "weak", Permissions = Permissions.ReadContext | Permissions.SpawnAgent });
        var child = ((ProcessResult)await _system.CallAsync("spawn", """{"role":"gardener","name":"child"}""", asPid: weak.Pid)).Process;
        Assert.Equal(Permissions.ReadContext, child.Permissions);
        var words = ((ProcessResult)await _system.CallAsync("spawn", """{"role":"You are a gardener","name":"other"}""")).Process;
        Assert.Equal("You are a gardener", words.Role);
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("""{"budgt":5}""", "'budgt' is no field of a template")]
    [InlineData("""{"budget":-5}""", "'budget' is -5, and must be a whole number from 1 up")]
    [InlineData("""{"role":5}""", "'role' is 5, and must be a text")]
    [InlineData("""{"restart":"sometimes"}""", "'restart' is \"sometimes\", and must be one of")]
    [InlineData("""{"permissions":["FLYING"]}""", "FLYING")]
    [InlineData("""{"priority":"urgent"}""", "urgent")]
    public async Task A_wrong_one_is_refused_with_the_field(string json, string says)
    {
        await Files.WriteAsync("/apps/templates/wrong.json", json);
        var refused = await Assert.ThrowsAsync<LlmosException>(() => Templates.GetAsync("wrong"));
        Assert.Equal(LlmosErrorCode.InvalidArgument, refused.Code);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        await Files.RemoveAsync("/apps/templates/wrong.json");
        var missing = await Assert.ThrowsAsync<LlmosException>(() => Templates.GetAsync("wrong"));
        Assert.Contains("There is no template 'wrong' in /apps/templates: there is assistant, ", missing.Message, StringComparison.Ordinal);
    }
}
