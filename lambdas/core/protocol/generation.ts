/** How bridges and Jicofo speak to each other; decides whether a drain can be taken back. */
export type Generation = 'component' | 'muc';
