using System.Collections.Immutable;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Templates;

/// <summary>
/// Templates of processes: JSON files in VectorFS, below <see cref="Folder"/>, which anybody may read, and write who may write there.
/// Stateless; any key.
/// </summary>
[Alias("llmos.IProcessTemplateGrain")]
public interface IProcessTemplateGrain : IGrainWithIntegerKey
{
    const string Folder = "/apps/templates";

    /// <summary>The names of all templates, sorted.</summary>
    [Alias("List")]
    [Requires(Permissions.ReadContext, Verb = "read templates")]
    Task<ImmutableArray<string>> ListAsync();

    /// <summary>What a process of a template is to be; its name is the template's.</summary>
    /// <param name="name">The template's name, whatever its case.</param>
    /// <exception cref="LlmosException">There is no such template, or it is wrong: the message names the field.</exception>
    [Alias("Get")]
    [Requires(Permissions.ReadContext, Verb = "read templates")]
    Task<ProcessSpec> GetAsync(string name);
}
