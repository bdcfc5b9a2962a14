namespace ModelForge.Corpus.Workflow;

/// <summary>What a program is written in.</summary>
internal enum ProgramLanguage
{
    JavaScript,
    Python,
}
