using LLMOS.Cognition.Inference;

namespace LLMOS.SystemInterface.VectorFs.Views;

/// <summary><c>/models</c>: a file for each model that a process can be given here.</summary>
internal sealed class ModelsView(IEnumerable<IModelShelf> shelves) : FlatView
{
    public override string Path => "/models";

    protected override Task<IEnumerable<ViewFile>> FilesAsync() => Task.FromResult(shelves
        .SelectMany(shelf => shelf.List())
        .Select(model => new ViewFile(NameOf(model.Name), $"{model.Name}\n{model.Description}\n")));

    // A name such as org/model would be a directory.
    private static string NameOf(string model) => model.Replace("/", "%2F", StringComparison.Ordinal);
}
