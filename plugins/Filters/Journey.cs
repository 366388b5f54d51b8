using System.Runtime.ExceptionServices;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>One document on its way through the steps.</summary>
internal sealed class Journey(Document document)
{
    /// <summary>A journey that began in another process.</summary>
    public Journey(Document document, IEnumerable<FilterStep> passed, FilterStep? droppedBy, string? droppedFor)
        : this(document)
    {
        Passed.AddRange(passed);
        (DroppedBy, DroppedFor) = (droppedBy, droppedFor);
    }

    /// <summary>The document as the last step returned it, or as the step that dropped it received it.</summary>
    public Document Document { get; private set; } = document;

    /// <summary>The step that dropped the document, or null.</summary>
    public FilterStep? DroppedBy { get; private set; }

    public string? DroppedFor { get; private set; }

    /// <summary>The steps that the document passed.</summary>
    public List<FilterStep> Passed { get; } = [];

    /// <summary>
    /// The exception of a failed step, or null. It is kept instead of thrown, so that the first failure in document
    /// order is the one that is reported.
    /// </summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    public void Take(IEnumerable<FilterStep> steps, TimeProvider time)
    {
        foreach (var step in steps)
        {
            if (DroppedBy is not null || Failure is not null)
            {
                return;
            }

            try
            {
                var verdict = step.Apply(Document, time);
                if (verdict.Document is { } document)
                {
                    Document = document;
                    Passed.Add(step);
                }
                else
                {
                    DroppedBy = step;
                    DroppedFor = verdict.Reason ?? "no_reason";
                }
            }
            catch (Exception problem)
            {
                Failure = ExceptionDispatchInfo.Capture(problem);
            }
        }
    }
}
