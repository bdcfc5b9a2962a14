namespace ModelForge.Training;

/// <summary>The numbers of a step of <see cref="AdamW"/>.</summary>
internal readonly record struct AdamWStep(
    float Clip, float Rate, float WeightDecay, float FirstDecay, float SecondDecay, float FirstCorrection, float SecondCorrection, float Epsilon);
