namespace Smimectl;

/// <summary>How a dry run ended.</summary>
/// <param name="View">Every resource with the status that it would have.</param>
/// <param name="Recorder">What was planned and would be made.</param>
/// <param name="Contents">What the folders state.</param>
/// <param name="IsComplete">Whether every resource was decided before the time was over.</param>
internal sealed record Rehearsal(BoardView View, PlanRecorder Recorder, FolderContents Contents, bool IsComplete);
