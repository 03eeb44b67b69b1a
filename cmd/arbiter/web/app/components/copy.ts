// Copying to the clipboard.

/** Copies a text that is shown in an element. If that is not possible, the text is selected and the answer is false. */
export async function copyText(text: string, shown: HTMLElement): Promise<boolean> {
  // A page that came over plain HTTP from another machine has no navigator.clipboard.
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (done) return true;
  getSelection()?.selectAllChildren(shown);
  return document.execCommand("copy");
}
