namespace Smimectl;

/// <summary>Writes what a validation found.</summary>
internal interface IFindingWriter
{
    void Write(ValidationReport report, TextWriter output);
}
