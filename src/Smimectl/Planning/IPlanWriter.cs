namespace Smimectl;

/// <summary>Writes a plan in one form.</summary>
internal interface IPlanWriter
{
    void Write(PlanReport report, TextWriter output);
}
