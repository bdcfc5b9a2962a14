namespace ModelForge.Evaluation;

/// <summary>Measures one side of a model on cases that it was not trained on.</summary>
public interface IEvaluation
{
    /// <summary>The suite, as in <see cref="EvaluationRow.Suite"/>.</summary>
    string Suite { get; }

    /// <summary>Tries the model. <paramref name="progress"/> gets a line now and then.</summary>
    Task<IReadOnlyList<EvaluationRow>> RunAsync(ITextModel model, Action<string> progress, CancellationToken cancellationToken);
}
